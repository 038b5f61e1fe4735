#pragma once

#include <cstdint>
#include <vector>

#include "shared/preprocess/recipe.h"
#include "trainer/data/cell_store.h"
#include "trainer/data/corrupt.h"
#include "trainer/torch.h"

namespace plkd {

// What both networks learn from and are checked on: counts over the model's genes, and the one way they
// become tensors.
struct TrainingPart {
  StoredCells train;
  std::vector<std::int32_t> train_batch;     // [training cells], which batch of the reference
  StoredCells held_out;                      // when there are none, networks learn unwatched
  std::vector<std::int32_t> held_out_batch;  // [held-out cells]
  std::int64_t classes = 0;
  PreprocessRecipe recipe;
  // Multiplies the expression so that cells have a mean squared norm of 900 in each modality, whatever the reference; folded
  // into the Student's first layer at export. [features], or one for all.
  std::vector<float> input_scale = {1};
  torch::Device device = torch::kCPU;

  torch::Tensor input(const Cells& cells) const;   // [cells x genes], scaled, on the device
  torch::Tensor labels(const Cells& cells) const;  // [cells], int64, on the device
  // Which of the batches, and which of the choices of modalities, each cell is of: groups whose latents are to be drawn
  // together. `seen`: these training cells as the network sees them. [cells], int64, on the device
  torch::Tensor groups(const std::vector<std::int64_t>& training_cells, const Cells& seen) const;
};

// The same part with its held-out cells among the training cells, and none held out.
TrainingPart with_all_cells(const TrainingPart& part);

// The scale at which the training cells have that norm.
std::vector<float> input_scale_of(const StoredCells& train, const PreprocessRecipe& recipe);

}  // namespace plkd

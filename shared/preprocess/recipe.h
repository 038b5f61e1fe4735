#pragma once

#include <vector>

#include "shared/genes/modality.h"

namespace plkd {

// A model file holds no more of them.
constexpr int kTypicalDigits = 4;

// How counts become the Student's input. Fit is data, apply is code: the recipe travels in the model file and
// `prepare` has no other knobs.
struct PreprocessRecipe {
  // Library size every cell is scaled to before log(1 + x).
  float target_sum = 1e4f;
  // What the model takes of each modality, one block after the other over its features; empty for RNA alone. Behind the features of a
  // block, at its `end`, stands its flag: 1 in cells in which something of that modality was measured. See normalise_blocks.
  std::vector<FeatureBlock> blocks = {};
  // What each protein is like in a typical cell of the reference, for files that lack its antibody: see complete_panel.h. Empty where no
  // proteins are taken, and in models from before this was kept.
  std::vector<float> typical_proteins = {};  // [features of the block of proteins], to kTypicalDigits
};

// The block of a modality; null when the model does not take it. Of a model of RNA alone there are no blocks to be found.
const FeatureBlock* block_of(const PreprocessRecipe& recipe, Modality modality);

}  // namespace plkd

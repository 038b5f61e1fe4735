#pragma once

#include <vector>

#include "shared/genes/modality.h"

namespace plkd {

// How counts become the Student's input. Fit is data, apply is code: the recipe travels in the model file and
// `prepare` has no other knobs.
struct PreprocessRecipe {
  // Library size every cell is scaled to before log(1 + x).
  float target_sum = 1e4f;
  // What the model takes of each modality, one block after the other over its features; empty for RNA alone. Behind the features of a
  // block, at its `end`, stands its flag: 1 in cells in which something of that modality was measured. See normalise_blocks.
  std::vector<FeatureBlock> blocks = {};
};

// The block of a modality; null when the model does not take it. Of a model of RNA alone there are no blocks to be found.
const FeatureBlock* block_of(const PreprocessRecipe& recipe, Modality modality);

}  // namespace plkd

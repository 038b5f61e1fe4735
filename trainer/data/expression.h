#pragma once

#include "shared/preprocess/recipe.h"
#include "trainer/data/cells.h"
#include "trainer/torch.h"

namespace plkd {

// Log-normalised expression as inference computes it, spread out for LibTorch.
torch::Tensor dense_expression(const Cells& cells, const PreprocessRecipe& recipe);  // [cells x genes], float

torch::Tensor label_tensor(const Cells& cells);  // [cells], int64

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/preprocess/recipe.h"

namespace plkd {

struct LogNormaliseResult {
  std::int64_t empty_cells = 0;  // cells whose library is 0: they stay all zero, empty droplets are normal
};

// Scales each cell to the recipe's library size and takes log(1 + x), in place. Zeros stay zero, so the matrix stays
// sparse. `library` [cells] is the sum over all genes of the cell's source, taken before alignment dropped any.
//
// Of a recipe with blocks each is scaled in its own way, and its flag is set where the cell has any of it. RNA as above. Proteins by the
// centred log-ratio of the cell in the form that keeps zeros (Seurat's): log(1 + x / g), g the geometric mean of 1 + x over the
// model's proteins: what every antibody catches of a cell, its background, is divided out. A panel that lacks some is completed before
// (complete_panel.h). Chromatin to target_sum over the block.
LogNormaliseResult log_normalise(CountMatrix& counts, const std::vector<double>& library,
                                 const PreprocessRecipe& recipe = {});

// The same in two steps, for engines that do the second themselves: what each cell's counts are multiplied by, 0 for
// a cell whose library is 0, and log(1 + count * scale).
std::vector<float> scales_of(const std::vector<double>& library, const PreprocessRecipe& recipe = {});  // [cells]
void log_scaled(CountMatrix& counts, const std::vector<float>& scale);

}  // namespace plkd

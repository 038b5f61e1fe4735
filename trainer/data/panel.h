#pragma once

#include <random>

#include "shared/preprocess/recipe.h"
#include "trainer/data/cells.h"

namespace plkd {

// The cells as if only a share of all genes had been measured, drawn at random and the same for every cell: a smaller annotation, a
// targeted panel. Of a library's part outside the chosen genes the share is kept.
// Of proteins it is completed, as a query's would be.
Cells as_panel(const Cells& cells, const PreprocessRecipe& recipe, double share, std::mt19937_64& rng);

}  // namespace plkd

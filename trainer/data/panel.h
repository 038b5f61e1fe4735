#pragma once

#include <random>
#include <vector>

#include "shared/genes/modality.h"
#include "trainer/data/cells.h"

namespace plkd {

// The cells as if only a share of all genes had been measured, drawn at random and the same for every cell: a smaller annotation, a
// targeted panel. Of a library's part outside the chosen genes the share is kept.
Cells as_panel(const Cells& cells, const std::vector<FeatureBlock>& blocks, double share, std::mt19937_64& rng);

}  // namespace plkd

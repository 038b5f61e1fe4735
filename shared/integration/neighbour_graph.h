#pragma once

#include <cstdint>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

// The k nearest other cells of each cell, nearest first; of equally near ones the earlier in the file comes
// first.
struct Neighbours {
  std::int64_t k = 0;
  std::vector<std::int32_t> cell;  // [cells x k]
  std::vector<float> distance;     // [cells x k]
};

// Exact, by comparing every two cells: O(cells^2 width). Fewer than k when there are not that many other
// cells.
Neighbours nearest_neighbours(const Latents& latents, std::int64_t k);

// Does each type hang together? Two cells of a type are linked when one is among the `k` nearest cells of the
// other; the share of a type's cells in its largest connected part, mean over types. 1 when every type is in
// one piece. Luecken et al. 2022.
double graph_connectivity(const Neighbours& neighbours, const Partition& types, std::int64_t k);

}  // namespace plkd

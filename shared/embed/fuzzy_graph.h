#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/integration/neighbour_graph.h"

namespace plkd {

// How sure it is that two cells are neighbours, each by its own yardstick: McInnes, Healy and Melville 2018, arXiv:1802.03426.

// A cell's yardstick: its nearest neighbour is surely one (local connectivity 1), and together its k neighbours count for
// log2(k) sure ones.
struct Yardstick {
  float nearest = 0;  // rho in Algorithm 3
  float scale = 1;    // sigma

  float membership(float distance) const;  // 0 to 1
};
// `distance` [k], ascending; `mean_distance` over all cells keeps the scale of duplicates above 0.
Yardstick yardstick_of(std::span<const float> distance, float mean_distance);

struct FuzzyEdge {
  std::int32_t from = 0;
  std::int32_t to = 0;
  float weight = 0;
};
// The fuzzy union of both cells' views, w = a + b - a b (Section 3.1), so that every edge is there in both directions; by
// `from`, then `to`.
std::vector<FuzzyEdge> fuzzy_graph(const Neighbours& neighbours);

}  // namespace plkd

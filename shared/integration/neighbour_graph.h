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

// Finds neighbours exactly, by comparing every two cells, O(cells^2 width): a matrix product, in which rounding may swap
// cells that are nearly as far, proposes cells, and only those are measured as latents.h does.
class NeighbourSearch {
 public:
  explicit NeighbourSearch(Latents latents);

  const Latents& latents() const { return latents_; }
  // Of cells [first, end). Fewer than k when there are not that many other cells.
  Neighbours of(std::int64_t first, std::int64_t end, std::int64_t k) const;

 private:
  Latents latents_;
  Latents centred_;             // around their mean, which leaves less to rounding
  std::vector<float> blocks_;   // centred_ again, [blocks x width x 16]: sixteen cells side by side
  std::vector<float> squares_;  // [cells], squared norms of centred_
};

// Of all cells.
Neighbours nearest_neighbours(const Latents& latents, std::int64_t k);

// Does each type hang together? Two cells of a type are linked when one is among the `k` nearest cells of the
// other; the share of a type's cells in its largest connected part, mean over types. 1 when every type is in
// one piece. Luecken et al. 2022.
double graph_connectivity(const Neighbours& neighbours, const Partition& types, std::int64_t k);

}  // namespace plkd

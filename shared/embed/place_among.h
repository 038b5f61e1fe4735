#pragma once

#include <cstdint>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

struct PlaceAmongOptions {
  // Neighbours whose places are averaged, weighted as fuzzy_graph.h weighs them.
  std::int64_t neighbours = 15;
  // Groups of placed cells that neighbours are sought in, the nearest ones. Raising it misses fewer and takes longer.
  std::int32_t groups_searched = 3;
};

// Places further cells among cells that have a place: at the weighted mean of those of their nearest. A cell is compared with the
// cells of the nearest k-means groups only, some hundreds, so that a neighbour beyond their borders is missed.
class PlacedCells {
 public:
  PlacedCells(Latents latents, std::vector<float> places, const PlaceAmongOptions& options = {});  // [cells x 2]

  std::vector<float> place(const Latents& more) const;  // [cells of more x 2]

 private:
  std::vector<std::int32_t> nearest_groups(const float* latent) const;

  Latents latents_;  // by group
  std::vector<float> places_;
  PlaceAmongOptions options_;
  Latents centres_;
  std::vector<std::int64_t> begin_;  // [groups + 1], of each group's cells
};

}  // namespace plkd

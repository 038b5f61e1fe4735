#pragma once

#include <cstdint>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

struct KMeansOptions {
  std::int32_t groups = 2;
  // Beginnings tried, of which the tightest result is kept. More takes longer and misses the best less often.
  int restarts = 20;
  int max_rounds = 100;
  std::uint64_t seed = 1;
};

struct KMeansResult {
  Partition partition;
  double inertia = 0;  // summed squared distances of the cells to their group's centre
};

// Groups cells around centres: Lloyd's rounds from k-means++ beginnings (Arthur and Vassilvitskii 2007). The
// same seed gives the same groups on every machine. Never more groups than different cells. O(restarts rounds
// cells groups width).
KMeansResult k_means(const Latents& latents, const KMeansOptions& options);

// The mean of each group's cells.
Latents centres_of(const Latents& latents, const Partition& partition);  // [groups x width]

// The nearest centre of each cell, of equally near ones the first.
std::vector<std::int32_t> nearest_centres(const Latents& latents, const Latents& centres);  // [cells]

}  // namespace plkd

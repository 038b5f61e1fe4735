#pragma once

#include <random>
#include <vector>

#include "shared/integration/latents.h"
#include "shared/simulate/sampling.h"

namespace plkd::test {

struct Clustered {
  Latents latents;
  std::vector<std::int32_t> cluster;  // [cells]
};

// Clusters around centres that are drawn at random, in turn: cell 0 of cluster 0, cell 1 of cluster 1, ... Within a cluster most
// of the scatter lies along a curve, so that there are neighbourhoods to keep.
inline Clustered clustered_latents(std::int64_t cells, std::int32_t clusters, std::int64_t width, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  const auto drawn = [&](std::int64_t size, double scale) {
    std::vector<double> values;
    for (std::int64_t i = 0; i < size; ++i) values.push_back(scale * sampling::normal(rng));
    return values;
  };
  const std::vector<double> centre = drawn(clusters * width, 3), along = drawn(clusters * width, 1), bend = drawn(clusters * width, 1);
  Clustered result;
  result.latents.width = width;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const auto cluster = static_cast<std::int32_t>(cell % clusters);
    const double t = 2 * sampling::uniform(rng) - 1;
    for (std::int64_t i = 0; i < width; ++i) {
      const auto at = static_cast<std::size_t>(cluster * width + i);
      result.latents.value.push_back(static_cast<float>(centre[at] + 2 * t * along[at] + 2 * t * t * bend[at] + 0.3 * sampling::normal(rng)));
    }
    result.cluster.push_back(cluster);
  }
  return result;
}

}  // namespace plkd::test

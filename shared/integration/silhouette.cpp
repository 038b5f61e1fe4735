#include "shared/integration/silhouette.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>

namespace plkd {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<std::int64_t> sizes_of(const Partition& partition) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(partition.groups));
  for (const std::int32_t group : partition.group) ++sizes[static_cast<std::size_t>(group)];
  return sizes;
}

// `sum` [groups]: summed distances of a cell of group `own` to the cells of each group.
double silhouette_of(const std::vector<double>& sum, const std::vector<std::int64_t>& sizes,
                     std::size_t own) {
  if (sizes[own] == 1) return 0;
  const double within = sum[own] / static_cast<double>(sizes[own] - 1);
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t group = 0; group < sum.size(); ++group) {
    if (group != own) nearest = std::min(nearest, sum[group] / static_cast<double>(sizes[group]));
  }
  const double larger = std::max(within, nearest);
  return larger == 0 ? 0 : (nearest - within) / larger;
}

// The cells of one type, with their batches numbered anew.
struct CellsOfType {
  Latents latents;
  Partition batches;
};

CellsOfType cells_of_type(const Latents& latents, const Partition& types, const Partition& batches,
                          std::int32_t type) {
  const auto width = static_cast<std::size_t>(latents.width);
  CellsOfType cells{{latents.width, {}}, {}};
  std::vector<std::int32_t> number(static_cast<std::size_t>(batches.groups), -1);
  for (std::size_t cell = 0; cell < types.group.size(); ++cell) {
    if (types.group[cell] != type) continue;
    const float* latent = &latents.value[cell * width];
    cells.latents.value.insert(cells.latents.value.end(), latent, latent + width);
    std::int32_t& batch = number[static_cast<std::size_t>(batches.group[cell])];
    if (batch < 0) batch = cells.batches.groups++;
    cells.batches.group.push_back(batch);
  }
  return cells;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<double> silhouettes(const Latents& latents, const Partition& partition) {
  const std::vector<std::int64_t> sizes = sizes_of(partition);
  const auto cells = static_cast<std::size_t>(latents.cells());
  std::vector<double> result;
  for (std::int64_t first = 0; first < latents.cells(); first += kDistanceBlock) {
    const std::int64_t end = std::min(first + kDistanceBlock, latents.cells());
    const std::vector<float> distances = distances_to_all(latents, first, end);
    for (std::size_t row = 0; row < distances.size() / cells; ++row) {
      std::vector<double> sum(sizes.size());
      for (std::size_t other = 0; other < cells; ++other)
        sum[static_cast<std::size_t>(partition.group[other])] +=
            static_cast<double>(distances[row * cells + other]);
      const std::int32_t own = partition.group[static_cast<std::size_t>(first) + row];
      result.push_back(silhouette_of(sum, sizes, static_cast<std::size_t>(own)));
    }
  }
  return result;
}

double label_silhouette(const Latents& latents, const Partition& types) {
  if (types.groups < 2) return kNaN;
  return (mean(silhouettes(latents, types)) + 1) / 2;
}

double batch_silhouette(const Latents& latents, const Partition& types, const Partition& batches) {
  std::vector<double> by_type;
  for (std::int32_t type = 0; type < types.groups; ++type) {
    const CellsOfType cells = cells_of_type(latents, types, batches, type);
    if (cells.batches.groups < 2 || cells.batches.groups == cells.batches.cells()) continue;
    std::vector<double> mixed = silhouettes(cells.latents, cells.batches);
    for (double& width : mixed) width = 1 - std::abs(width);
    by_type.push_back(mean(mixed));
  }
  return by_type.empty() ? kNaN : mean(by_type);
}

}  // namespace plkd

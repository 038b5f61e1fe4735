#include "shared/embed/place_among.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "shared/embed/fuzzy_graph.h"
#include "shared/error.h"
#include "shared/integration/k_means.h"

namespace plkd {

namespace {

// Groups are a means to search, not a result: some of the cells and a few rounds are enough for them.
constexpr std::int64_t kGrouped = 1024;
constexpr int kRounds = 3;

Latents centres_for(const Latents& latents) {
  const std::int64_t cells = latents.cells();
  const std::int64_t stride = (cells + kGrouped - 1) / kGrouped;
  Latents some{latents.width, {}};
  for (std::int64_t cell = 0; cell < cells; cell += stride) {
    const float* latent = latents.value.data() + cell * latents.width;
    some.value.insert(some.value.end(), latent, latent + latents.width);
  }
  const auto groups = static_cast<std::int32_t>(std::sqrt(static_cast<double>(cells)));
  const KMeansResult found = k_means(some, {.groups = std::max(1, groups), .restarts = 1, .max_rounds = kRounds});
  return centres_of(some, found.partition);
}

using Distances = std::vector<std::pair<float, std::int64_t>>;

// The first `most` by distance, ties by number.
void keep_nearest(Distances& distances, std::int64_t most) {
  const auto kept = std::min(distances.size(), static_cast<std::size_t>(most));
  std::partial_sort(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(kept), distances.end());
  distances.resize(kept);
}

}  // namespace

PlacedCells::PlacedCells(Latents latents, std::vector<float> places, const PlaceAmongOptions& options)
    : options_(options), centres_(centres_for(latents)) {
  const std::vector<std::int32_t> group = nearest_centres(latents, centres_);
  std::vector<std::int64_t> order(group.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return group[static_cast<std::size_t>(a)] < group[static_cast<std::size_t>(b)];
  });
  begin_.assign(static_cast<std::size_t>(centres_.cells()) + 1, 0);
  for (const std::int32_t of : group) ++begin_[static_cast<std::size_t>(of) + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  latents_.width = latents.width;
  latents_.value.reserve(latents.value.size());
  for (const std::int64_t cell : order) {
    const float* latent = latents.value.data() + cell * latents.width;
    latents_.value.insert(latents_.value.end(), latent, latent + latents.width);
    places_.insert(places_.end(), places.data() + 2 * cell, places.data() + 2 * cell + 2);
  }
}

std::vector<std::int32_t> PlacedCells::nearest_groups(const float* latent) const {
  Distances distances;
  const Eigen::Map<const Eigen::VectorXf> own(latent, static_cast<Eigen::Index>(latents_.width));
  for (std::int64_t centre = 0; centre < centres_.cells(); ++centre) {
    const Eigen::Map<const Eigen::VectorXf> at(centres_.value.data() + centre * centres_.width, own.size());
    distances.emplace_back((own - at).squaredNorm(), centre);
  }
  keep_nearest(distances, options_.groups_searched);
  std::vector<std::int32_t> groups;
  for (const auto& [distance, centre] : distances) groups.push_back(static_cast<std::int32_t>(centre));
  return groups;
}

std::vector<float> PlacedCells::place(const Latents& more) const {
  std::vector<float> placed;
  Distances distances;
  std::vector<float> nearest;
  for (std::int64_t cell = 0; cell < more.cells(); ++cell) {
    const float* latent = more.value.data() + cell * more.width;
    const Eigen::Map<const Eigen::VectorXf> own(latent, static_cast<Eigen::Index>(more.width));
    distances.clear();
    for (const std::int32_t group : nearest_groups(latent)) {
      for (std::int64_t other = begin_[static_cast<std::size_t>(group)]; other < begin_[static_cast<std::size_t>(group) + 1]; ++other) {
        const Eigen::Map<const Eigen::VectorXf> at(latents_.value.data() + other * latents_.width, own.size());
        distances.emplace_back((own - at).norm(), other);
      }
    }
    keep_nearest(distances, options_.neighbours);
    nearest.clear();
    for (const auto& [distance, other] : distances) nearest.push_back(distance);
    const float mean = std::accumulate(nearest.begin(), nearest.end(), 0.0F) / static_cast<float>(std::max<std::size_t>(nearest.size(), 1));
    const Yardstick yardstick = yardstick_of(nearest, mean);
    double x = 0, y = 0, total = 0;
    for (const auto& [distance, other] : distances) {
      const auto weight = static_cast<double>(yardstick.membership(distance));
      x += weight * static_cast<double>(places_[static_cast<std::size_t>(2 * other)]);
      y += weight * static_cast<double>(places_[static_cast<std::size_t>(2 * other + 1)]);
      total += weight;
    }
    placed.push_back(total > 0 ? static_cast<float>(x / total) : 0);
    placed.push_back(total > 0 ? static_cast<float>(y / total) : 0);
  }
  return placed;
}

}  // namespace plkd

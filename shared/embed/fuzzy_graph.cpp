#include "shared/embed/fuzzy_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace plkd {

namespace {

constexpr float kLeastScale = 1e-3F;  // of the mean distance

double mean(std::span<const float> values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Algorithm 3: the scale at which the memberships sum to log2(k), by bisection.
float fitted_scale(std::span<const float> distance, float nearest) {
  constexpr int kRounds = 64;
  constexpr double kEnough = 1e-5;
  const double wanted = std::log2(static_cast<double>(distance.size()));
  double low = 0, high = std::numeric_limits<double>::infinity(), scale = 1;
  for (int round = 0; round < kRounds; ++round) {
    double sum = 0;
    for (const float d : distance) sum += std::exp(-std::max(0.0, static_cast<double>(d - nearest)) / scale);
    if (std::abs(sum - wanted) < kEnough) break;
    (sum > wanted ? high : low) = scale;
    scale = std::isinf(high) ? 2 * scale : (low + high) / 2;
  }
  return static_cast<float>(scale);
}

}  // namespace

float Yardstick::membership(float distance) const {
  return distance <= nearest || scale <= 0 ? 1 : std::exp(-(distance - nearest) / scale);
}

Yardstick yardstick_of(std::span<const float> distance, float mean_distance) {
  Yardstick yardstick;
  // Duplicates are neighbours in any case: the nearest that differs sets the measure.
  for (const float d : distance) {
    if (d <= 0) continue;
    yardstick.nearest = d;
    break;
  }
  const auto own_mean = static_cast<float>(mean(distance));
  yardstick.scale = std::max(fitted_scale(distance, yardstick.nearest),
                             kLeastScale * (yardstick.nearest > 0 ? own_mean : mean_distance));
  return yardstick;
}

std::vector<FuzzyEdge> fuzzy_graph(const Neighbours& neighbours) {
  const auto k = static_cast<std::size_t>(neighbours.k);
  if (k == 0) return {};
  const auto mean_distance = static_cast<float>(mean(neighbours.distance));
  std::vector<FuzzyEdge> edges;
  for (std::size_t at = 0; at < neighbours.cell.size(); at += k) {
    const auto cell = static_cast<std::int32_t>(at / k);
    const std::span<const float> distance(neighbours.distance.data() + at, k);
    const Yardstick yardstick = yardstick_of(distance, mean_distance);
    for (std::size_t i = 0; i < k; ++i) {
      const float weight = yardstick.membership(distance[i]);
      edges.push_back({cell, neighbours.cell[at + i], weight});
      edges.push_back({neighbours.cell[at + i], cell, weight});
    }
  }
  // What two cells say of each other lies side by side now, at most two views a direction.
  std::stable_sort(edges.begin(), edges.end(), [](const FuzzyEdge& a, const FuzzyEdge& b) {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
  });
  std::vector<FuzzyEdge> joined;
  for (const FuzzyEdge& edge : edges) {
    const bool is_second = !joined.empty() && joined.back().from == edge.from && joined.back().to == edge.to;
    if (!is_second) joined.push_back(edge);
    else joined.back().weight += edge.weight - joined.back().weight * edge.weight;
  }
  return joined;
}

}  // namespace plkd

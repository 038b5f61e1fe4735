#include "shared/integration/view_scores.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>

#include "shared/error.h"
#include "shared/integration/silhouette.h"

namespace plkd {

namespace {

constexpr std::size_t kVoters = 15;

struct Sums {
  double closer = 0;  // shares of the other view's cells that lie nearer than the cell itself
  std::int64_t right = 0;  // types told from the other view
};

// The type of most of the nearest cells; of equally frequent ones that which comes first.
std::int32_t vote(std::span<const float> distance, const Partition& types) {
  std::vector<std::int32_t> order(distance.size());
  std::iota(order.begin(), order.end(), 0);
  const auto voters = static_cast<std::ptrdiff_t>(std::min(kVoters, order.size()));
  const auto is_nearer = [&](std::int32_t a, std::int32_t b) {
    const float to_a = distance[static_cast<std::size_t>(a)], to_b = distance[static_cast<std::size_t>(b)];
    return to_a != to_b ? to_a < to_b : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + voters, order.end(), is_nearer);
  std::vector<std::int32_t> votes(static_cast<std::size_t>(types.groups));
  std::int32_t best = -1;
  for (auto voter = order.begin(); voter != order.begin() + voters; ++voter)
    ++votes[static_cast<std::size_t>(types.group[static_cast<std::size_t>(*voter)])];
  for (auto voter = order.begin(); voter != order.begin() + voters; ++voter) {
    const std::int32_t type = types.group[static_cast<std::size_t>(*voter)];
    if (best < 0 || votes[static_cast<std::size_t>(type)] > votes[static_cast<std::size_t>(best)]) best = type;
  }
  return best;
}

// Cells of the view that begins at `first` in `both`, looked for in the one that begins at `other`.
Sums look_up(const Latents& both, std::int64_t first, std::int64_t other, const Partition& types) {
  const std::int64_t cells = types.cells();
  Sums sums;
  for (std::int64_t begin = 0; begin < cells; begin += kDistanceBlock) {
    const std::int64_t end = std::min(begin + kDistanceBlock, cells);
    const std::vector<float> distances = distances_to_all(both, first + begin, first + end);
    for (std::int64_t cell = begin; cell < end; ++cell) {
      const std::span<const float> row(distances.data() + (cell - begin) * both.cells() + other, static_cast<std::size_t>(cells));
      const float own = row[static_cast<std::size_t>(cell)];
      const auto closer = std::count_if(row.begin(), row.end(), [&](float distance) { return distance < own; });
      sums.closer += static_cast<double>(closer) / static_cast<double>(std::max<std::int64_t>(cells - 1, 1));
      sums.right += vote(row, types) == types.group[static_cast<std::size_t>(cell)];
    }
  }
  return sums;
}

}  // namespace

ViewScores view_scores(const Latents& first, const Latents& second, const std::vector<std::string>& type) {
  const Partition types = partition_by(type);
  const std::int64_t cells = types.cells();
  if (cells == 0 || first.cells() != cells || second.cells() != cells || first.width != second.width)
    throw Error(ErrorKind::Internal, "view_scores: the views are not of the same cells");
  Latents both = first;
  both.value.insert(both.value.end(), second.value.begin(), second.value.end());
  Partition type_of_both = types, view{2, std::vector<std::int32_t>(static_cast<std::size_t>(cells), 0)};
  type_of_both.group.insert(type_of_both.group.end(), types.group.begin(), types.group.end());
  view.group.resize(type_of_both.group.size(), 1);

  const auto count = static_cast<double>(cells);
  const Sums from_first = look_up(both, 0, cells, types), from_second = look_up(both, cells, 0, types);
  ViewScores scores;
  scores.foscttm = (from_first.closer + from_second.closer) / (2 * count);
  scores.labels_to_first = static_cast<double>(from_first.right) / count;
  scores.labels_to_second = static_cast<double>(from_second.right) / count;
  scores.asw_label = label_silhouette(both, type_of_both);
  scores.asw_view = batch_silhouette(both, type_of_both, view);
  return scores;
}

nlohmann::json to_json(const ViewScores& scores) {
  const auto number = [](double value) { return std::isnan(value) ? nlohmann::json(nullptr) : nlohmann::json(value); };
  return {{"first", scores.first},
          {"second", scores.second},
          {"foscttm", scores.foscttm},
          {"labels_to_second", scores.labels_to_second},
          {"labels_to_first", scores.labels_to_first},
          {"asw_label", number(scores.asw_label)},
          {"asw_view", number(scores.asw_view)}};
}

}  // namespace plkd

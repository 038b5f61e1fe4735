#include "shared/explain/rank_test.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plkd {

namespace {

std::vector<std::size_t> ascending(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

struct RankSums {
  std::vector<double> sum;         // [groups], of the group's ranks, equal scores sharing their mean rank
  std::vector<std::int64_t> size;  // [groups]
  double ties = 0;                 // sum of t^3 - t over the runs of t equal scores
};

RankSums rank_sums(const std::vector<double>& score, const std::vector<std::int32_t>& group, std::int32_t groups) {
  RankSums sums{std::vector<double>(static_cast<std::size_t>(groups)),
                std::vector<std::int64_t>(static_cast<std::size_t>(groups))};
  const std::vector<std::size_t> order = ascending(score);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && score[order[end]] == score[order[first]]) ++end;
    const double shared_rank = static_cast<double>(first + 1 + end) / 2;
    for (std::size_t at = first; at < end; ++at) {
      const auto of = static_cast<std::size_t>(group[order[at]]);
      sums.sum[of] += shared_rank;
      ++sums.size[of];
    }
    const auto run = static_cast<double>(end - first);
    sums.ties += run * run * run - run;
    first = end;
  }
  return sums;
}

RankTest test_of(double rank_sum, double inside, double cells, double ties) {
  const double outside = cells - inside;
  if (inside == 0 || outside == 0) return {};
  const double u = rank_sum - inside * (inside + 1) / 2;
  const double mean = inside * outside / 2;
  const double variance = inside * outside / 12 * (cells + 1 - ties / (cells * (cells - 1)));
  RankTest test;
  test.auc = u / (inside * outside);
  if (variance > 0) {
    const double z = std::max(0.0, std::abs(u - mean) - 0.5) / std::sqrt(variance);
    test.p_value = std::erfc(z / std::sqrt(2.0));
  }
  return test;
}

}  // namespace

std::vector<RankTest> rank_tests(const std::vector<float>& score, const std::vector<std::int32_t>& group,
                                 std::int32_t groups) {
  std::vector<double> scores;
  std::vector<std::int32_t> of;
  for (std::size_t cell = 0; cell < score.size(); ++cell) {
    if (group[cell] < 0) continue;
    scores.push_back(static_cast<double>(score[cell]));
    of.push_back(group[cell]);
  }
  const RankSums sums = rank_sums(scores, of, groups);
  std::vector<RankTest> tests;
  for (std::size_t g = 0; g < sums.sum.size(); ++g)
    tests.push_back(test_of(sums.sum[g], static_cast<double>(sums.size[g]), static_cast<double>(scores.size()), sums.ties));
  return tests;
}

std::vector<double> adjusted_for_multiplicity(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(p_values.size());
  double smallest = 1;
  for (std::size_t at = order.size(); at-- > 0;) {
    const double share = static_cast<double>(order.size()) / static_cast<double>(at + 1);
    smallest = std::min(smallest, p_values[order[at]] * share);
    adjusted[order[at]] = smallest;
  }
  return adjusted;
}

}  // namespace plkd

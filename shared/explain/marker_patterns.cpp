#include "shared/explain/marker_patterns.h"

#include <algorithm>
#include <numeric>

#include "shared/explain/rank_test.h"

namespace plkd {

namespace {

// Mean score inside each group less the mean outside.
std::vector<double> differences(const std::vector<float>& score, const std::vector<std::int32_t>& group,
                                const std::vector<std::int64_t>& size) {
  std::vector<double> sum(size.size());
  double total = 0, cells = 0;
  for (std::size_t cell = 0; cell < score.size(); ++cell) {
    if (group[cell] < 0) continue;
    sum[static_cast<std::size_t>(group[cell])] += static_cast<double>(score[cell]);
    total += static_cast<double>(score[cell]);
    ++cells;
  }
  std::vector<double> difference(size.size());
  for (std::size_t g = 0; g < size.size(); ++g) {
    const auto inside = static_cast<double>(size[g]);
    if (inside > 0 && inside < cells) difference[g] = sum[g] / inside - (total - sum[g]) / (cells - inside);
  }
  return difference;
}

std::vector<float> column(const std::vector<float>& scores, std::size_t patterns, std::size_t pattern) {
  std::vector<float> values;
  for (std::size_t at = pattern; at < scores.size(); at += patterns) values.push_back(scores[at]);
  return values;
}

}  // namespace

std::vector<MarkerPattern> marker_patterns(const std::vector<float>& scores, std::int32_t patterns,
                                           const std::vector<std::int32_t>& group, std::int32_t groups,
                                           const MarkerPatternsOptions& options) {
  std::vector<std::int64_t> size(static_cast<std::size_t>(groups));
  for (const std::int32_t g : group)
    if (g >= 0) ++size[static_cast<std::size_t>(g)];

  std::vector<MarkerPattern> tested;
  for (std::int32_t pattern = 0; pattern < patterns; ++pattern) {
    const std::vector<float> score =
        column(scores, static_cast<std::size_t>(patterns), static_cast<std::size_t>(pattern));
    const std::vector<RankTest> tests = rank_tests(score, group, groups);
    const std::vector<double> difference = differences(score, group, size);
    for (std::int32_t g = 0; g < groups; ++g) {
      const auto at = static_cast<std::size_t>(g);
      if (size[at] < options.min_cells) continue;
      tested.push_back({g, pattern, difference[at], tests[at].auc, tests[at].p_value, 1});
    }
  }
  std::vector<double> p_values;
  for (const MarkerPattern& marker : tested) p_values.push_back(marker.p_value);
  const std::vector<double> q_values = adjusted_for_multiplicity(p_values);

  std::vector<MarkerPattern> markers;
  for (std::size_t at = 0; at < tested.size(); ++at) {
    tested[at].q_value = q_values[at];
    const bool is_marker = tested[at].auc > 0.5 && tested[at].difference > 0 && q_values[at] <= options.max_q_value;
    if (is_marker || options.max_q_value >= 1) markers.push_back(tested[at]);
  }
  std::stable_sort(markers.begin(), markers.end(), [](const MarkerPattern& a, const MarkerPattern& b) {
    return a.group != b.group ? a.group < b.group : a.auc > b.auc;
  });
  return markers;
}

std::vector<std::string> top_genes(const Pattern& pattern, const GeneVocabulary& genes, std::size_t count) {
  std::vector<std::size_t> order(pattern.genes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!pattern.weight.empty()) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return pattern.weight[a] > pattern.weight[b]; });
  }
  std::vector<std::string> names;
  for (std::size_t at = 0; at < std::min(count, order.size()); ++at) {
    const auto gene = static_cast<std::size_t>(pattern.genes[order[at]]);
    names.push_back(name_of(genes, gene));
  }
  return names;
}

}  // namespace plkd

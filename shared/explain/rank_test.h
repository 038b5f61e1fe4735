#pragma once

#include <cstdint>
#include <vector>

namespace plkd {

// Do the cells of one group have higher scores than all others? Wilcoxon's rank-sum test, one group against the rest.
struct RankTest {
  // Probability that a random cell of the group scores higher than a random other cell, ties counted half: 0.5 is no difference.
  double auc = 0.5;
  // Two-sided, by the normal approximation with correction for ties and continuity; 1 when one side is empty.
  double p_value = 1;
};

// One test for each group, from a single ranking. A cell of group -1 takes part in none.
std::vector<RankTest> rank_tests(const std::vector<float>& score,         // [cells]
                                 const std::vector<std::int32_t>& group,  // [cells]
                                 std::int32_t groups);

// Adjusts p-values for their number so that of those below q at most a share q are false discoveries (Benjamini & Hochberg
// 1995). In the order given.
std::vector<double> adjusted_for_multiplicity(const std::vector<double>& p_values);

}  // namespace plkd

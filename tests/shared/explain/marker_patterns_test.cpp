#include "shared/explain/marker_patterns.h"

#include <catch2/catch.hpp>

#include "shared/explain/rank_test.h"
#include "tests/support/matrices.h"

namespace plkd {

TEST_CASE("the rank test agrees with scipy, ties included", "[golden]") {
  // scipy.stats.mannwhitneyu(inside, outside, method='asymptotic'), statistic / (inside * outside) and p-value.
  const std::vector<float> score = {1.5F, 2, 2, 3, 0.5F, 2, 4, -1, 2, 3.5F};
  const std::vector<std::int32_t> group = {0, 0, 1, 1, 2, 2, 0, 2, 1, 0};
  const std::vector<RankTest> tests = rank_tests(score, group, 4);
  CHECK(tests[0].auc == Approx(0.7291666666666666));
  CHECK(tests[0].p_value == Approx(0.27139601757306));
  CHECK(tests[1].auc == Approx(0.6190476190476191));
  CHECK(tests[1].p_value == Approx(0.6381284957204214));
  CHECK(tests[2].auc == Approx(0.11904761904761904));
  CHECK(tests[2].p_value == Approx(0.0777843450583517));
  CHECK(tests[3].p_value == 1);  // a group without cells
}

TEST_CASE("cells of no group take part in no test", "[unit]") {
  const std::vector<RankTest> without = rank_tests({1, 2, 3, 4}, {0, 0, 1, 1}, 2);
  const std::vector<RankTest> with = rank_tests({1, 9, 2, 3, -9, 4}, {0, -1, 0, 1, -1, 1}, 2);
  CHECK(with[0].auc == without[0].auc);
  CHECK(with[0].p_value == without[0].p_value);
}

TEST_CASE("p-values are adjusted as Benjamini and Hochberg do", "[golden]") {
  const std::vector<double> adjusted = adjusted_for_multiplicity({0.01, 0.04, 0.03, 0.005, 0.5});
  const std::vector<double> expected = {0.025, 0.05, 0.05, 0.025, 0.5};
  for (std::size_t at = 0; at < expected.size(); ++at) CHECK(adjusted[at] == Approx(expected[at]));
  CHECK(adjusted_for_multiplicity({}).empty());
}

TEST_CASE("a pattern that is high in one group is its marker, and nobody else's", "[unit]") {
  // Pattern 0 is high in group 0, pattern 1 says nothing, pattern 2 is high in group 1. Group 2 has two cells.
  std::vector<float> scores;
  std::vector<std::int32_t> group;
  for (int cell = 0; cell < 42; ++cell) {
    group.push_back(cell < 40 ? cell % 2 : 2);
    const auto noise = static_cast<float>(cell * 7 % 10) / 10;
    scores.insert(scores.end(), {noise + (cell % 2 == 0 ? 2.0F : 0.0F), static_cast<float>(cell % 4 < 2), noise + (cell % 2 == 1 ? 2.0F : 0.0F)});
  }
  const std::vector<MarkerPattern> markers = marker_patterns(scores, 3, group, 3);
  REQUIRE(markers.size() == 2);
  CHECK(markers[0].group == 0);
  CHECK(markers[0].pattern == 0);
  CHECK(markers[0].difference > 1);
  CHECK(markers[1].group == 1);
  CHECK(markers[1].pattern == 2);
  CHECK(markers[1].q_value < 1e-5);
  // Everything that was tested: three patterns in the two groups that are large enough.
  CHECK(marker_patterns(scores, 3, group, 3, {.min_cells = 3, .max_q_value = 1}).size() == 6);
}

TEST_CASE("the genes a token listens to most come first", "[unit]") {
  const GeneVocabulary genes = test::numbered_genes(6);
  CHECK(top_genes({"p", {1, 3, 5}, {0.5F, 2, 0.5F}}, genes, 2) == std::vector<std::string>{"G3", "G1"});
  CHECK(top_genes({"p", {4, 5}}, genes, 9) == std::vector<std::string>{"G4", "G5"});
}

}  // namespace plkd

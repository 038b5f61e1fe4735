#include "trainer/fit/pattern_scores.h"

#include <catch2/catch.hpp>

namespace {

const std::vector<plkd::Pattern> kPatterns = {{"first", {0, 1}}, {"second", {2, 3, 4}}, {"both", {0, 4}}};

struct Reference {
  torch::Tensor expression, attention;
};

Reference random_reference() {
  torch::manual_seed(4);
  return {torch::rand({300, 5}), torch::softmax(torch::randn({300, 3}), 1)};
}

}  // namespace

TEST_CASE("over the reference itself every pattern's score has deviation 1", "[unit]") {
  const Reference reference = random_reference();
  const plkd::PatternScores scores(kPatterns, reference.expression, reference.attention);
  const torch::Tensor own = scores(reference.expression, reference.attention);
  // Clamping a few extreme cells moves it a little.
  CHECK((own.std(0, false) - 1).abs().max().item<double>() < 0.03);
}

TEST_CASE("a score is the sign of the pattern's expression and grows with the attention to it", "[unit]") {
  const Reference reference = random_reference();
  const plkd::PatternScores scores(kPatterns, reference.expression, reference.attention);
  torch::Tensor cells = reference.expression.mean(0, true).repeat({3, 1});
  cells.index_put_({0, torch::tensor({0, 1})}, 1);  // the first pattern's genes are high
  cells.index_put_({1, torch::tensor({0, 1})}, 0);  // they are absent
  const torch::Tensor attention = torch::full({3, 3}, 1.0 / 3);
  const torch::Tensor of_cells = scores(cells, attention);
  CHECK(of_cells[0][0].item<double>() > 0.5);
  CHECK(of_cells[1][0].item<double>() < -0.5);
  CHECK(of_cells[2].abs().max().item<double>() < 1e-5);  // the average cell
  CHECK(of_cells[0][1].abs().item<double>() < 1e-5);     // its other genes are average
  CHECK(scores(cells, 2 * attention)[0][0].item<double>() == Approx(2 * of_cells[0][0].item<double>()));
}

TEST_CASE("agreement is Spearman's rank correlation: 1 under any rising function, -1 when turned round", "[unit]") {
  torch::manual_seed(5);
  const torch::Tensor scores = torch::randn({31, 7});
  const plkd::PatternAgreement same = plkd::pattern_agreement(scores.exp(), scores);
  CHECK(same.across_cells == Approx(1));
  CHECK(same.across_patterns == Approx(1));
  CHECK(plkd::pattern_agreement(-scores, scores).across_cells == Approx(-1));
  // By hand: ranks 0 1 2 3 against 1 0 2 3 differ by 1 twice, 1 - 6 * 2 / (4 * 15) = 0.8.
  const torch::Tensor a = torch::tensor({{1.0, 2.0, 3.0, 4.0}}), b = torch::tensor({{2.0, 1.0, 3.0, 4.0}});
  CHECK(plkd::pattern_agreement(a, b).across_patterns == Approx(0.8));
}

TEST_CASE("the pattern in the middle counts, so one odd pattern does not", "[unit]") {
  torch::manual_seed(6);
  const torch::Tensor scores = torch::randn({40, 5});
  torch::Tensor other = scores.clone();
  other.select(1, 0).mul_(-1);
  CHECK(plkd::pattern_agreement(other, scores).across_cells == Approx(1));
}

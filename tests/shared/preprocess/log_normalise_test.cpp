#include "shared/preprocess/log_normalise.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/support/matrices.h"

namespace plkd {

TEST_CASE("cells are scaled to one library size and logged", "[unit]") {
  CountMatrix counts = test::matrix_of({{1, 0, 3}, {0, 10, 0}});
  const LogNormaliseResult result = log_normalise(counts, {4, 20}, {10});
  CHECK(result.empty_cells == 0);
  CHECK(counts.count[0] == Approx(std::log1p(2.5)));
  CHECK(counts.count[1] == Approx(std::log1p(7.5)));
  CHECK(counts.count[2] == Approx(std::log1p(5.0)));  // half of its library lies in genes that alignment dropped
}

TEST_CASE("an empty cell stays all zero and is counted", "[unit]") {
  CountMatrix counts = test::matrix_of({{0, 0}, {1, 1}});
  CHECK(log_normalise(counts, library_sizes(counts)).empty_cells == 1);
  CHECK(counts.row_begin == std::vector<std::int64_t>{0, 0, 2});
}

TEST_CASE("scaling and logarithm in two steps are log_normalise", "[unit]") {
  const std::vector<double> library = {7, 0, 20};
  CountMatrix at_once = test::matrix_of({{1, 0, 3}, {0, 0, 0}, {2, 10, 0}});
  CountMatrix in_steps = at_once;
  log_normalise(at_once, library, {10});
  const std::vector<float> scale = scales_of(library, {10});
  CHECK(scale == std::vector<float>{10.0F / 7, 0, 0.5F});
  log_scaled(in_steps, scale);
  CHECK(in_steps.count == at_once.count);
}

TEST_CASE("each modality is scaled in its own way, and a flag says where it was measured", "[unit]") {
  PreprocessRecipe recipe{10};
  recipe.blocks = {{Modality::Rna, 0, 2}, {Modality::Protein, 3, 5}};  // 2 and 5 are the flags
  CountMatrix counts = test::matrix_of({{1, 3, 0, 8, 0, 0}, {0, 2, 0, 0, 0, 0}, {0, 0, 0, 3, 1, 0}, {0, 0, 0, 0, 0, 0}});
  const LogNormaliseResult result = log_normalise(counts, {8, 4, 0, 0}, recipe);
  CHECK(result.empty_cells == 1);
  const std::vector<std::vector<float>> rows = test::dense_of(counts);
  // The geometric mean of 1 + x is that of all proteins of the model: the root of 9 x 1, and of 4 x 2.
  const double of_first = 3, of_third = std::sqrt(8.0);
  const std::vector<std::vector<double>> expected = {
      {std::log1p(1.25), std::log1p(3.75), 1, std::log1p(8 / of_first), 0, 1},
      {0, std::log1p(5.0), 1, 0, 0, 0},
      {0, 0, 0, std::log1p(3 / of_third), std::log1p(1 / of_third), 1},
      {0, 0, 0, 0, 0, 0}};
  for (std::size_t cell = 0; cell < rows.size(); ++cell)
    for (std::size_t feature = 0; feature < 6; ++feature) CHECK(rows[cell][feature] == Approx(expected[cell][feature]));
}

TEST_CASE("chromatin is scaled to the sum of its own block", "[unit]") {
  PreprocessRecipe recipe{100};
  recipe.blocks = {{Modality::Chromatin, 0, 2}};
  CountMatrix counts = test::matrix_of({{1, 3, 0}});
  log_normalise(counts, {0}, recipe);
  CHECK(counts.count[0] == Approx(std::log1p(25.0)));
  CHECK(counts.count[1] == Approx(std::log1p(75.0)));
  CHECK(counts.count[2] == 1);
}

}  // namespace plkd

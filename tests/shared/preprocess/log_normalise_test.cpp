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

}  // namespace plkd

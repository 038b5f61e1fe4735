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

}  // namespace plkd

#include "shared/annotate/sample_cells.h"

#include <catch2/catch.hpp>

namespace plkd {

namespace {

std::int64_t count(const std::vector<CellRange>& ranges) {
  std::int64_t cells = 0;
  for (const CellRange& range : ranges) cells += range.end - range.first;
  return cells;
}

}  // namespace

TEST_CASE("of few cells all are read, in ranges no longer than 512", "[unit]") {
  const std::vector<CellRange> ranges = sample_cells({}, 1200, 2000);
  REQUIRE(ranges.size() == 3);
  CHECK(ranges[0].first == 0);
  CHECK(ranges[1].first == 512);
  CHECK(ranges[2].end == 1200);
  CHECK(sample_cells({}, 0, 2000).empty());
}

TEST_CASE("of many cells blocks are read that reach over the whole file", "[unit]") {
  const std::vector<CellRange> ranges = sample_cells({}, 1000000, 2000);
  CHECK(count(ranges) == Approx(2000).margin(64));
  CHECK(ranges.front().first == 0);
  CHECK(ranges.back().first > 950000);
  for (const CellRange& range : ranges) CHECK(range.end - range.first == 64);
}

TEST_CASE("each batch gives its share and cells of none are left out", "[unit]") {
  std::vector<std::int32_t> batch(3000, 0);
  for (std::size_t cell = 2000; cell < 3000; ++cell) batch[cell] = cell < 2100 ? 1 : -1;
  std::int64_t first = 0, second = 0;
  for (const CellRange& range : sample_cells(batch, 3000, 500)) {
    for (std::int64_t cell = range.first; cell < range.end; ++cell) {
      REQUIRE(batch[static_cast<std::size_t>(cell)] >= 0);
      ++(batch[static_cast<std::size_t>(cell)] == 0 ? first : second);
    }
  }
  CHECK(first == Approx(500).margin(64));
  CHECK(second == 100);
}

}  // namespace plkd

#include "trainer/data/panel.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/matrices.h"

namespace plkd {

TEST_CASE("a panel lacks the same genes in every cell, and its share of the library outside", "[unit]") {
  std::mt19937_64 rng(5);
  Cells cells;
  cells.counts = test::random_counts(rng, 60, 200, 0.5);
  cells.library = library_sizes(cells.counts);
  for (double& library : cells.library) library += 100;  // counts outside the chosen genes
  cells.label.assign(60, 0);

  const Cells panel = as_panel(cells, {}, 0.25, rng);
  const std::set<std::int32_t> left(panel.counts.gene.begin(), panel.counts.gene.end());
  CHECK(left.size() > 30);
  CHECK(left.size() < 75);
  const auto whole = test::dense_of(cells.counts), part = test::dense_of(panel.counts);
  const std::vector<double> measured = library_sizes(panel.counts);
  for (std::size_t cell = 0; cell < whole.size(); ++cell) {
    for (const std::int32_t gene : left) CHECK(part[cell][static_cast<std::size_t>(gene)] == whole[cell][static_cast<std::size_t>(gene)]);
    CHECK(panel.library[cell] == Approx(measured[cell] + 25));
  }
  const Cells all = as_panel(cells, {}, 1, rng);
  CHECK(all.counts.count == cells.counts.count);
  CHECK(all.library == cells.library);
}

}  // namespace plkd

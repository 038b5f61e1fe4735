#include "trainer/data/corrupt.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/trainer/random_cells.h"

namespace {

plkd::Cells random_cells(std::int64_t cells, std::int64_t genes) {
  std::mt19937_64 rng(5);
  plkd::Cells result = plkd::test::random_cells(rng, cells, genes, 0.5);
  for (double& library : result.library) library += 100;  // counts outside the chosen genes
  return result;
}

plkd::CorruptionOptions nothing() {
  plkd::CorruptionOptions options;
  options.thinned_share = 0;
  options.max_masked = 0;
  options.gene_spread = 0;
  return options;
}

double total(const plkd::CountMatrix& counts) {
  double sum = 0;
  for (const float count : counts.count) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("cells that nothing happens to stay as they are", "[unit]") {
  const plkd::Cells cells = random_cells(20, 30);
  std::mt19937_64 rng(1);
  const plkd::Cells same = plkd::corrupt(cells, {}, nothing(), rng);
  CHECK(same.counts.row_begin == cells.counts.row_begin);
  CHECK(same.counts.gene == cells.counts.gene);
  CHECK(same.counts.count == cells.counts.count);
  for (std::size_t cell = 0; cell < cells.library.size(); ++cell) {
    CHECK(same.library[cell] == Approx(cells.library[cell]));
  }
}

TEST_CASE("thinning keeps whole counts and takes its share of the whole library", "[unit]") {
  const plkd::Cells cells = random_cells(200, 50);
  plkd::CorruptionOptions options = nothing();
  options.thinned_share = 1;
  options.min_rate = 0.2;
  std::mt19937_64 rng(2);
  const plkd::Cells thinned = plkd::corrupt(cells, {}, options, rng);
  for (const float count : thinned.counts.count) CHECK(count == std::round(count));
  // The mean of a rate log-uniform in [0.2, 1] is 0.8 / log 5 = 0.497.
  CHECK(total(thinned.counts) / total(cells.counts) == Approx(0.497).margin(0.03));
  double before = 0, after = 0;
  for (const double library : cells.library) before += library;
  for (const double library : thinned.library) after += library;
  CHECK(after / before == Approx(0.497).margin(0.03));
}

TEST_CASE("cells of a pseudo-batch lack the same genes", "[unit]") {
  const plkd::Cells cells = random_cells(300, 60);
  plkd::CorruptionOptions options = nothing();
  options.max_masked = 0.9;
  options.pseudo_batches = 1;
  std::mt19937_64 rng(3);
  const plkd::Cells masked = plkd::corrupt(cells, {}, options, rng);
  const std::set<std::int32_t> seen(masked.counts.gene.begin(), masked.counts.gene.end());
  REQUIRE(seen.size() < 60);
  // A gene that is left is left in every cell that had it.
  std::int64_t expected = 0;
  for (const std::int32_t gene : cells.counts.gene) expected += seen.count(gene) > 0;
  CHECK(masked.counts.entries() == expected);
}

TEST_CASE("values that are no counts are thinned in units of the cell's smallest", "[unit]") {
  plkd::Cells cells = random_cells(400, 40);
  for (float& count : cells.counts.count) count *= 0.37f;
  plkd::CorruptionOptions options = nothing();
  options.thinned_share = 1;
  std::mt19937_64 rng(4);
  const plkd::Cells thinned = plkd::corrupt(cells, {}, options, rng);
  CHECK(total(thinned.counts) / total(cells.counts) == Approx(0.497).margin(0.04));
}

TEST_CASE("corruption is the same for the same seed", "[unit]") {
  const plkd::Cells cells = random_cells(30, 20);
  std::mt19937_64 one(9), other(9);
  CHECK(plkd::corrupt(cells, {}, {}, one).counts.count == plkd::corrupt(cells, {}, {}, other).counts.count);
}

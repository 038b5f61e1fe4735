#include "trainer/data/panel.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/trainer/random_cells.h"

namespace plkd {

TEST_CASE("a panel lacks the same genes in every cell, and its share of the library outside", "[unit]") {
  std::mt19937_64 rng(5);
  Cells cells = test::random_cells(rng, 60, 200, 0.5);
  for (double& library : cells.library) library += 100;  // counts outside the chosen genes

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

TEST_CASE("a panel of proteins is completed where it lacks some", "[unit]") {
  std::mt19937_64 rng(6);
  Cells cells = test::random_cells(rng, 30, 40, 0.7);
  cells.counts.genes = 41;  // and the flag
  const PreprocessRecipe recipe{.blocks = {{Modality::Protein, 0, 40}}, .typical_proteins = std::vector<float>(40, 0.5F)};
  const Cells panel = as_panel(cells, recipe, 0.5, rng);
  const auto whole = test::dense_of(cells.counts), part = test::dense_of(panel.counts);
  std::int64_t completed = 0;
  for (std::size_t protein = 0; protein < 40; ++protein) {
    bool is_measured = true;
    for (std::size_t cell = 0; cell < 30; ++cell) is_measured = is_measured && part[cell][protein] == whole[cell][protein];
    completed += !is_measured;
    for (std::size_t cell = 0; cell < 30 && !is_measured; ++cell) CHECK(part[cell][protein] > 0);
  }
  CHECK(completed > 10);
  CHECK(completed < 30);
}

}  // namespace plkd

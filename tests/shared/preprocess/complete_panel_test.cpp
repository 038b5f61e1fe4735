#include "shared/preprocess/complete_panel.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/support/matrices.h"

namespace plkd {

namespace {

// A gene, its flag, four proteins and their flag.
PreprocessRecipe recipe_of(const std::vector<float>& typical) {
  PreprocessRecipe recipe;
  recipe.blocks = {{Modality::Rna, 0, 1}, {Modality::Protein, 2, 6}};
  recipe.typical_proteins = typical;
  return recipe;
}

}  // namespace

TEST_CASE("typical is the mean of what a protein is beside the geometric mean of its cell", "[unit]") {
  TypicalPanel panel({Modality::Protein, 2, 6});
  panel.add(test::matrix_of({{5, 0, 1, 3, 0, 7, 0}, {5, 0, 0, 0, 0, 0, 0}}));  // the second has no protein
  panel.add(test::matrix_of({{0, 0, 15, 0, 0, 0, 0}}));
  // log2(1 + x): 1, 2, 0, 3 with mean 1.5, and 4, 0, 0, 0 with mean 1.
  const std::vector<double> expected = {(-0.5 + 3) / 2, (0.5 - 1) / 2, (-1.5 - 1) / 2, (1.5 - 1) / 2};
  const std::vector<float> values = panel.values();
  REQUIRE(values.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(static_cast<double>(values[i]) == Approx(expected[i] * std::log(2.0)).epsilon(1e-3));
}

TEST_CASE("what is missing of a typical cell is put back, and the rest lies where it lay", "[unit]") {
  const std::vector<float> proteins = {40, 3, 900, 11};
  double log_mean = 0;
  for (const float count : proteins) log_mean += std::log1p(static_cast<double>(count)) / 4;
  std::vector<float> typical;
  for (const float count : proteins) typical.push_back(static_cast<float>(std::log(static_cast<double>(count)) - log_mean));
  const CountMatrix whole = test::matrix_of({{7, 0, 40, 3, 900, 11, 0}});
  for (const std::vector<std::int32_t>& missing : std::vector<std::vector<std::int32_t>>{{2}, {5}, {3, 4}, {2, 3, 5}}) {
    std::vector<float> left = {7, 0, 40, 3, 900, 11, 0};
    for (const std::int32_t protein : missing) left[static_cast<std::size_t>(protein)] = 0;
    CountMatrix counts = test::matrix_of({left});
    complete_panel(counts, {recipe_of(typical), missing});
    REQUIRE(counts.gene == whole.gene);
    for (std::size_t i = 0; i < counts.count.size(); ++i) CHECK(counts.count[i] == Approx(whole.count[i]).epsilon(1e-4));
  }
}

TEST_CASE("a shallow panel is completed by the geometric mean it then has", "[property]") {
  std::mt19937_64 rng(4);
  const PreprocessRecipe recipe = recipe_of({0.3F, -1.2F, 2, -0.5F});
  CountMatrix counts = test::random_counts(rng, 200, 7, 0.6);
  CountMatrix cleared = test::matrix_of({});
  cleared.genes = 7;
  for (std::vector<float> row : test::dense_of(counts)) {
    row[1] = row[3] = row[4] = row[6] = 0;  // the flags and what is missing
    append_cells(cleared, test::matrix_of({row}));
  }
  counts = cleared;
  complete_panel(counts, {recipe, {3, 4}});
  const auto before = test::dense_of(cleared), after = test::dense_of(counts);
  for (std::size_t cell = 0; cell < before.size(); ++cell) {
    const bool has_proteins = before[cell][2] + before[cell][5] > 0;
    double log_mean = 0;
    for (std::size_t protein = 2; protein < 6; ++protein) log_mean += std::log1p(static_cast<double>(after[cell][protein])) / 4;
    for (const std::size_t measured : std::vector<std::size_t>{0, 1, 2, 5, 6}) CHECK(after[cell][measured] == before[cell][measured]);
    CHECK(after[cell][3] == Approx(has_proteins ? std::exp(log_mean - 1.2) : 0).epsilon(1e-4));
    CHECK(after[cell][4] == Approx(has_proteins ? std::exp(log_mean + 2) : 0).epsilon(1e-4));
  }
}

TEST_CASE("a whole panel, and one of a model that knows no typical cell, stay as they are", "[unit]") {
  const CountMatrix before = test::matrix_of({{7, 0, 40, 3, 900, 11, 0}});
  CountMatrix counts = before;
  complete_panel(counts, {});
  complete_panel(counts, {recipe_of({1, 2, 3, 4}), {}});
  complete_panel(counts, {recipe_of({}), {3}});
  complete_panel(counts, {PreprocessRecipe{}, {0}});
  CHECK(counts.count == before.count);
}

}  // namespace plkd

#include "shared/simulate/lose_counts.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "shared/explain/gene_values.h"
#include "shared/simulate/sampling.h"
#include "tests/support/matrices.h"

namespace plkd {

namespace {

CountMatrix some_counts() {
  std::mt19937_64 rng(3);
  return test::random_counts(rng, 50, 200, 0.4);
}

double total(const CountMatrix& counts) {
  double sum = 0;
  for (const double library : library_sizes(counts)) sum += library;
  return sum;
}

}  // namespace

TEST_CASE("full depth without dropout changes nothing", "[unit]") {
  const CountMatrix counts = some_counts();
  const CountMatrix same = lose_counts(counts, {}, 0);
  CHECK(same.gene == counts.gene);
  CHECK(same.count == counts.count);
}

TEST_CASE("about the share of molecules is left, whole ones", "[property]") {
  const CountMatrix counts = some_counts();
  const CountMatrix shallow = lose_counts(counts, {.depth = 0.3}, 0);
  CHECK(total(shallow) / total(counts) == Approx(0.3).margin(0.02));  // 20,000 molecules
  for (const float count : shallow.count) CHECK(count == std::round(count));
  CHECK(lose_counts(counts, {.depth = 0}, 0).entries() == 0);
}

TEST_CASE("about the share of genes is lost, the same ones at any depth", "[property]") {
  const CountMatrix counts = some_counts();
  const CountMatrix lost = lose_counts(counts, {.depth = 1, .dropout = 0.25}, 0);
  CHECK(static_cast<double>(lost.entries()) / static_cast<double>(counts.entries()) == Approx(0.75).margin(0.03));  // of 4,000
  const auto whole = test::dense_of(lost);
  const auto shallow = test::dense_of(lose_counts(counts, {.depth = 0.5, .dropout = 0.25}, 0));
  for (std::size_t cell = 0; cell < whole.size(); ++cell)
    for (std::size_t gene = 0; gene < 200; ++gene)
      if (whole[cell][gene] == 0) CHECK(shallow[cell][gene] == 0);
}

TEST_CASE("a cell's noise does not depend on the range it is read in, only on the seed", "[property]") {
  const CountMatrix counts = some_counts();
  const Noise noise{.depth = 0.5, .dropout = 0.2, .seed = 4};
  const CountMatrix whole = lose_counts(counts, noise, 0);
  const CountMatrix part = lose_counts(select_cells(counts, 20, 30), noise, 20);
  CHECK(part.count == select_cells(whole, 20, 30).count);
  CHECK(part.gene == select_cells(whole, 20, 30).gene);
  CHECK(lose_counts(counts, {.depth = 0.5, .dropout = 0.2, .seed = 5}, 0).count != whole.count);
}

TEST_CASE("counts that are not whole are thinned by the molecules they stand for", "[property]") {
  // A cell of 2,000 molecules that was scaled to 10,000: its values are multiples of 5.
  const CountMatrix scaled = test::matrix_of({std::vector<float>(400, 5.25F)});
  CHECK(molecule_of(scaled.count) == 5.25F);
  CHECK(molecules_in(15.75F, 5.25F) == 3);
  const CountMatrix shallow = lose_counts(scaled, {.depth = 0.5}, 0);
  CHECK(total(shallow) / total(scaled) == Approx(0.5).margin(0.1));
  for (const float count : shallow.count) CHECK(count == 5.25F);
  CHECK(molecule_of(std::vector<float>{0, 2.5F, 0}) == 2.5F);  // zeros may be stored
}

TEST_CASE("binomial numbers have the mean and the variance of their kind, few trials or many", "[property]") {
  std::mt19937_64 rng(6);
  for (const auto& [trials, chance] : std::vector<std::pair<std::int64_t, double>>{{20, 0.3}, {33, 0.5}, {5000, 0.02}, {5000, 0.9}}) {
    constexpr int kDraws = 4000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const auto drawn = static_cast<double>(sampling::binomial(trials, chance, rng));
      sum += drawn;
      squares += drawn * drawn;
    }
    const double mean = static_cast<double>(trials) * chance, variance = mean * (1 - chance);
    CHECK(sum / kDraws == Approx(mean).margin(5 * std::sqrt(variance / kDraws)));
    CHECK(squares / kDraws - sum / kDraws * sum / kDraws == Approx(variance).epsilon(0.12));  // 5 standard errors
  }
  CHECK(sampling::binomial(100, 0, rng) == 0);
  CHECK(sampling::binomial(100, 1, rng) == 100);
}

}  // namespace plkd

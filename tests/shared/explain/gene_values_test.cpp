#include "shared/explain/gene_values.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

TEST_CASE("a gene's values are log-normalised by the whole library, in whatever ranges they are read", "[property]") {
  std::mt19937_64 rng(4);
  const Model model = test::random_model(2);
  const CountMatrix counts = test::random_counts(rng, 40, 50, 0.3);
  test::MemoryReader reader(counts, test::numbered_genes(50));
  Query query(reader, model);
  const std::vector<std::int32_t> genes = {45, 3, 45};  // G45 is not a gene of the model
  const std::vector<float> values = gene_values(query, genes, 5, 40);
  REQUIRE(values.size() == 3 * 35);
  const std::vector<std::vector<float>> dense = test::dense_of(log_normalised(counts, model.recipe));
  const std::vector<double> library = library_sizes(counts);
  for (std::size_t at = 0; at < genes.size(); ++at) {
    for (std::size_t cell = 0; cell < 35; ++cell)
      CHECK(values[at * 35 + cell] == dense[cell + 5][static_cast<std::size_t>(genes[at])]);
  }
  const double count = static_cast<double>(test::dense_of(counts)[7][3]);
  CHECK(values[35 + 2] == Approx(std::log1p(count / library[7] * 1e4)));
  CHECK(gene_values(query, genes, 9, 9).empty());
  CHECK_THROWS(gene_values(query, {50}, 0, 1));
}

TEST_CASE("values that were log-normalised already come back as they were", "[property]") {
  std::mt19937_64 rng(5);
  const Model model = test::random_model(2);
  const CountMatrix before = log_normalised(test::random_counts(rng, 60, 50, 0.4), model.recipe);
  test::MemoryReader reader(before, test::numbered_genes(50));
  Query query(reader, model);
  REQUIRE(query.report().inspection.kind == ValueKind::LogNormalised);
  const std::vector<std::vector<float>> dense = test::dense_of(before);
  const std::vector<float> values = gene_values(query, {11}, 0, 60);
  for (std::size_t cell = 0; cell < 60; ++cell) CHECK(values[cell] == Approx(dense[cell][11]).margin(1e-5));
}

}  // namespace plkd

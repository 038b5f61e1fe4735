#include "shared/annotate/adapt.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "shared/annotate/calibrate.h"
#include "shared/error.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

constexpr std::size_t kGenes = 37, kClasses = 5;

Model adaptable_model(std::uint64_t seed) {
  Model model = test::random_model(seed);
  std::mt19937_64 rng(seed);
  for (std::size_t k = 0; k < kClasses * kGenes; ++k)
    model.class_means.push_back(static_cast<float>(rng() % 900) + 1);
  return model;
}

using Rows = std::vector<std::vector<float>>;

// The rule in loops, over cells [cells x genes] that are one batch: the factors after so many rounds.
std::vector<double> naive_factors(const Model& model, const Rows& counts, int rounds) {
  std::vector<double> factor(kGenes, 1), mean(kGenes);
  const auto cells = static_cast<double>(counts.size());
  for (const std::vector<float>& row : counts) {
    double library = 0;
    for (const float count : row) library += static_cast<double>(count);
    for (std::size_t gene = 0; gene < kGenes; ++gene)
      mean[gene] += static_cast<double>(row[gene]) * 1e4 / library / cells;
  }
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> share(kClasses);
    for (const std::vector<float>& row : counts) {
      double library = 0;
      for (const float count : row) library += static_cast<double>(count);
      std::vector<float> expression;
      for (std::size_t gene = 0; gene < kGenes; ++gene)
        expression.push_back(
            static_cast<float>(std::log1p(static_cast<double>(row[gene]) / factor[gene] * 1e4 / library)));
      const std::vector<float> logits = run_student(model.student, test::matrix_of({expression})).logits;
      const std::vector<float> p = probabilities(logits, model.calibration.temperature);
      for (std::size_t type = 0; type < kClasses; ++type) share[type] += static_cast<double>(p[type]) / cells;
    }
    for (std::size_t gene = 0; gene < kGenes; ++gene) {
      double expected = 0;
      for (std::size_t type = 0; type < kClasses; ++type)
        expected += share[type] * static_cast<double>(model.class_means[type * kGenes + gene]);
      const double fold = std::clamp((mean[gene] + 0.3) / (expected + 0.3), 0.05, 20.0);
      factor[gene] = std::pow(fold, cells / (cells + 200));
    }
  }
  return factor;
}

void run_to_end(Adaptation& adaptation) {
  double last = 0;
  while (adaptation.step()) {
    CHECK(adaptation.progress() > last);
    last = adaptation.progress();
  }
  CHECK(adaptation.progress() == 1);
  CHECK_FALSE(adaptation.step());
}

// Counts how many cells are read.
class CountingReader : public test::MemoryReader {
 public:
  using test::MemoryReader::MemoryReader;
  CountMatrix read(std::int64_t first, std::int64_t end) override {
    cells_read += end - first;
    return test::MemoryReader::read(first, end);
  }
  std::int64_t cells_read = 0;
};

constexpr double kTolerance = 1e-4;  // float logits and factors against double

}  // namespace

TEST_CASE("each batch's factors are those of the rule, worked out in loops", "[golden]") {
  std::mt19937_64 rng(1);
  const Model model = adaptable_model(2);
  const CountMatrix counts = test::random_counts(rng, 90, kGenes, 0.4);
  test::MemoryReader reader(counts, test::numbered_genes(kGenes));
  Query query(reader, model);
  // Cells 0, 3, 6.. are batch 1, cells 1, 4.. batch 0, the others are left as they are.
  std::vector<std::int32_t> batch;
  for (std::int32_t cell = 0; cell < 90; ++cell) batch.push_back(1 - cell % 3);
  const CountMatrix before = query.expression(0, 90);
  Adaptation adaptation(query, model, batch);
  run_to_end(adaptation);

  const Rows rows = test::dense_of(counts);
  for (std::size_t b = 0; b < 2; ++b) {
    Rows of_batch;
    for (std::size_t cell = 0; cell < 90; ++cell)
      if (batch[cell] == static_cast<std::int32_t>(b)) of_batch.push_back(rows[cell]);
    const std::vector<double> expected = naive_factors(model, of_batch, 3);
    for (std::size_t gene = 0; gene < kGenes; ++gene)
      CHECK(static_cast<double>(query.scaling().factor[b * kGenes + gene]) ==
            Approx(expected[gene]).epsilon(kTolerance));
  }

  const Rows scaled = test::dense_of(query.expression(0, 90)), plain = test::dense_of(before);
  CHECK(scaled[2] == plain[2]);  // left out
  for (std::size_t gene = 0; gene < kGenes; ++gene) {
    const double divided = std::expm1(static_cast<double>(plain[0][gene])) /
                           static_cast<double>(query.scaling().factor[kGenes + gene]);
    CHECK(static_cast<double>(scaled[0][gene]) == Approx(std::log1p(divided)).epsilon(kTolerance));
  }
}

TEST_CASE("ranges that are read later are scaled by their own cells' batches", "[property]") {
  std::mt19937_64 rng(3);
  const Model model = adaptable_model(4);
  test::MemoryReader reader(test::random_counts(rng, 40, kGenes, 0.4), test::numbered_genes(kGenes));
  Query query(reader, model);
  std::vector<std::int32_t> batch(40, 0);
  std::fill(batch.begin() + 15, batch.end(), 1);
  Adaptation adaptation(query, model, batch);
  run_to_end(adaptation);
  const Rows whole = test::dense_of(query.expression(0, 40));
  for (const std::int64_t cell : {14, 15, 39})
    CHECK(test::dense_of(query.expression(cell, cell + 1))[0] == whole[static_cast<std::size_t>(cell)]);
}

TEST_CASE("of many cells evenly spread blocks are read, in every round", "[unit]") {
  std::mt19937_64 rng(5);
  const Model model = adaptable_model(6);
  CountingReader reader(test::random_counts(rng, 1280, kGenes, 0.3), test::numbered_genes(kGenes));
  Query query(reader, model);
  reader.cells_read = 0;
  Adaptation adaptation(query, model, {}, {.cells = 256, .rounds = 2});
  run_to_end(adaptation);
  CHECK(reader.cells_read == 2 * 256);  // blocks of 64 at 0, 320, 640 and 960
}

TEST_CASE("a query whose adaptation is left midway is as it was", "[unit]") {
  std::mt19937_64 rng(7);
  const Model model = adaptable_model(8);
  test::MemoryReader reader(test::random_counts(rng, 1200, kGenes, 0.3), test::numbered_genes(kGenes));
  Query query(reader, model);
  const CountMatrix before = query.expression(0, 5);
  Adaptation adaptation(query, model);
  CHECK(adaptation.step());
  CHECK(query.expression(0, 5).count == before.count);
}

TEST_CASE("a model without class means cannot be adapted and says so", "[unit]") {
  std::mt19937_64 rng(9);
  const Model model = test::random_model(10);
  test::MemoryReader reader(test::random_counts(rng, 5, kGenes, 0.3), test::numbered_genes(kGenes));
  Query query(reader, model);
  CHECK_THROWS_WITH(Adaptation(query, model),
                    Catch::Contains("class means") && Catch::Contains("train the model again"));
}

}  // namespace plkd

#include "shared/preprocess/inspect.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"

namespace plkd {

namespace {

CountMatrix some_counts() {
  std::mt19937_64 rng(11);
  return test::random_counts(rng, 300, 80, 0.4);
}

test::MemoryReader reader_of(const CountMatrix& counts) { return {counts, test::numbered_genes(counts.genes)}; }

}  // namespace

TEST_CASE("whole numbers are counts", "[unit]") {
  test::MemoryReader reader = reader_of(some_counts());
  const Inspection inspection = inspect(reader);
  CHECK(inspection.kind == ValueKind::Counts);
  CHECK(inspection.median_library == Approx(160).epsilon(0.1));  // 80 genes x 0.4 x mean 5
  CHECK(inspection.median_genes == Approx(32).epsilon(0.1));
}

TEST_CASE("log-normalised values are recognised and give the same expression as their counts", "[unit]") {
  CountMatrix logged = some_counts();
  log_normalise(logged, library_sizes(logged));
  test::MemoryReader reader = reader_of(logged);
  const Inspection inspection = inspect(reader);
  REQUIRE(inspection.kind == ValueKind::LogNormalised);
  CountMatrix again = read_as_counts(reader, inspection, 5, 9);
  log_normalise(again, library_sizes(again));
  const CountMatrix expected = reader.read(5, 9);
  REQUIRE(again.gene == expected.gene);
  for (std::size_t entry = 0; entry < again.count.size(); ++entry)
    CHECK(again.count[entry] == Approx(expected.count[entry]).epsilon(1e-5));
}

TEST_CASE("large fractional values are taken as corrected counts", "[unit]") {
  CountMatrix corrected = some_counts();
  for (float& count : corrected.count) count *= 7.3F;
  test::MemoryReader reader = reader_of(corrected);
  CHECK(inspect(reader).kind == ValueKind::Fractional);
}

TEST_CASE("small fractional values that are no log-normalised cells are unclear, and refused with the remedy", "[unit]") {
  std::mt19937_64 rng(12);
  CountMatrix odd = some_counts();
  for (float& count : odd.count) count *= 0.001F * static_cast<float>(300 + rng() % 700);
  test::MemoryReader reader = reader_of(odd);
  const Inspection inspection = inspect(reader);
  CHECK(inspection.kind == ValueKind::Unclear);
  CHECK_THROWS_WITH(require_counts(inspection, "odd.h5ad"),
                    Catch::Contains("odd.h5ad") && Catch::Contains("neither counts nor log-normalised") && Catch::Contains("raw.X"));
}

TEST_CASE("negative values are scaled, and refused", "[unit]") {
  CountMatrix scaled = some_counts();
  for (float& count : scaled.count) count = (count - 4) / 2.5F;
  test::MemoryReader reader = reader_of(scaled);
  const Inspection inspection = inspect(reader);
  CHECK(inspection.kind == ValueKind::Scaled);
  CHECK_THAT(inspection.evidence, Catch::Contains("negative"));
  CHECK_THROWS_AS(require_counts(inspection, "scaled"), Error);
}

TEST_CASE("a logarithm to either base and any library size is undone", "[unit]") {
  const CountMatrix counts = some_counts();
  const std::vector<double> library = library_sizes(counts);
  for (const float target : {1e3F, 1e4F, 1e6F}) {
    for (const bool is_base_2 : {false, true}) {
      CountMatrix logged = counts;
      log_normalise(logged, library, {target});
      if (is_base_2)
        for (float& value : logged.count) value /= std::log(2.0F);
      test::MemoryReader reader = reader_of(logged);
      const Inspection inspection = inspect(reader);
      CAPTURE(target, is_base_2);
      CHECK(inspection.kind == (is_base_2 ? ValueKind::Log2Normalised : ValueKind::LogNormalised));
      CHECK(inspection.median_library == Approx(target).epsilon(1e-3));
      CountMatrix again = read_as_counts(reader, inspection, 0, 20);
      log_normalise(again, library_sizes(again));
      CountMatrix expected = select_cells(counts, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
      log_normalise(expected, library_sizes(expected));
      float largest = 0;
      for (std::size_t entry = 0; entry < again.count.size(); ++entry)
        largest = std::max(largest, std::abs(again.count[entry] - expected.count[entry]));
      CHECK(largest < 1e-3F);
    }
  }
}

TEST_CASE("values normalised without a logarithm are used as they are", "[unit]") {
  for (const float target : {1.0F, 1e6F}) {
    CountMatrix normalised = some_counts();
    log_normalise(normalised, library_sizes(normalised), {target});
    for (float& value : normalised.count) value = std::expm1(value);
    test::MemoryReader reader = reader_of(normalised);
    const Inspection inspection = inspect(reader);
    CAPTURE(target);
    CHECK(inspection.kind == ValueKind::Normalised);
    CHECK(read_as_counts(reader, inspection, 0, 5).count == reader.read(0, 5).count);
  }
}

TEST_CASE("log-normalised values are recognised when genes were left out afterwards", "[unit]") {
  std::mt19937_64 rng(13);
  CountMatrix logged = test::random_counts(rng, 300, 400, 0.2);
  log_normalise(logged, library_sizes(logged));
  CountMatrix few;
  few.genes = 80;
  for (std::int64_t cell = 0; cell < logged.cells(); ++cell) {
    for (auto entry = static_cast<std::size_t>(logged.row_begin[static_cast<std::size_t>(cell)]);
         entry < static_cast<std::size_t>(logged.row_begin[static_cast<std::size_t>(cell) + 1]); ++entry) {
      if (logged.gene[entry] >= 80) continue;
      few.gene.push_back(logged.gene[entry]);
      few.count.push_back(logged.count[entry]);
    }
    few.row_begin.push_back(few.entries());
  }
  test::MemoryReader reader = reader_of(few);
  const Inspection inspection = inspect(reader);
  CHECK(inspection.kind == ValueKind::LogNormalised);
  CHECK_THAT(inspection.evidence, Catch::Contains("whole multiples"));
}

TEST_CASE("a matrix of zeros is refused", "[unit]") {
  test::MemoryReader reader = reader_of(test::matrix_of({{0, 0}, {0, 0}}));
  CHECK_THROWS_AS(inspect(reader), Error);
}

}  // namespace plkd

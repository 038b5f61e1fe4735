#include "shared/preprocess/inspect.h"

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

TEST_CASE("small fractional values that are no log-normalised cells are refused with the remedy", "[unit]") {
  CountMatrix odd = some_counts();
  for (float& count : odd.count) count *= 0.37F;
  test::MemoryReader reader = reader_of(odd);
  CHECK_THROWS_WITH(inspect(reader), Catch::Contains("neither counts nor log-normalised") && Catch::Contains("raw.X"));
}

TEST_CASE("a matrix of zeros is refused", "[unit]") {
  test::MemoryReader reader = reader_of(test::matrix_of({{0, 0}, {0, 0}}));
  CHECK_THROWS_AS(inspect(reader), Error);
}

}  // namespace plkd

#include "trainer/bench/disturb.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/support/matrices.h"

using plkd::Disturbance;

namespace {

plkd::CountMatrix many_counts() {
  std::mt19937_64 rng(3);
  return plkd::test::random_counts(rng, 200, 100, 0.4);
}

double total(const plkd::CountMatrix& counts) {
  double sum = 0;
  for (const float count : counts.count) sum += count;
  return sum;
}

plkd::CountMatrix disturbed(Disturbance disturbance, double level) {
  std::mt19937_64 rng(9);
  return plkd::disturb(many_counts(), disturbance, level, rng);
}

}  // namespace

TEST_CASE("a query that nothing disturbs stays as it is", "[unit]") {
  const plkd::CountMatrix before = many_counts();
  for (const auto& [disturbance, level] :
       {std::pair(Disturbance::Depth, 1.0), {Disturbance::Dropout, 0.0}, {Disturbance::MissingGenes, 0.0}}) {
    const plkd::CountMatrix after = disturbed(disturbance, level);
    CHECK(after.row_begin == before.row_begin);
    CHECK(after.gene == before.gene);
    CHECK(after.count == before.count);
  }
}

TEST_CASE("thinning keeps its share of the molecules, whole ones", "[unit]") {
  const plkd::CountMatrix thinned = disturbed(Disturbance::Depth, 0.2);
  CHECK(total(thinned) / total(many_counts()) == Approx(0.2).margin(0.02));
  for (const float count : thinned.count) CHECK((count >= 1 && count == std::round(count)));
}

TEST_CASE("dropout takes genes of single cells and leaves their counts else", "[unit]") {
  const plkd::CountMatrix before = many_counts(), after = disturbed(Disturbance::Dropout, 0.7);
  CHECK(static_cast<double>(after.entries()) / static_cast<double>(before.entries()) ==
        Approx(0.3).margin(0.03));
  // No gene is gone from all cells, as a missing one would be.
  CHECK(std::set<std::int32_t>(after.gene.begin(), after.gene.end()).size() == 100);
  std::size_t place = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    while (before.gene[place] != after.gene[i]) ++place;
    CHECK(before.count[place++] == after.count[i]);
  }
}

TEST_CASE("a missing gene is missing in every cell, and exactly the share is", "[unit]") {
  const plkd::CountMatrix before = many_counts(), after = disturbed(Disturbance::MissingGenes, 0.3);
  const std::set<std::int32_t> left(after.gene.begin(), after.gene.end());
  CHECK(left.size() == 70);
  std::int64_t expected = 0;
  for (const std::int32_t gene : before.gene) expected += static_cast<std::int64_t>(left.count(gene));
  CHECK(after.entries() == expected);
}

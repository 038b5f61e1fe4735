#include "shared/explain/group_genes.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "shared/explain/profile_groups.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

constexpr int kCells = 60;

// Gene 0 is high in group 0, gene 1 in group 1; gene 2 says nothing, gene 3 nobody expresses. Group 2 has two cells, two cells
// are of no group.
struct Marked {
  CountMatrix expression;
  std::vector<std::int32_t> group;
};

Marked marked_cells() {
  Marked marked;
  std::vector<std::vector<float>> rows;
  for (int cell = 0; cell < kCells + 4; ++cell) {
    const int group = cell < kCells ? cell % 2 : cell < kCells + 2 ? 2 : -1;
    const float noise = static_cast<float>(cell * 7 % 10) / 10;
    rows.push_back({group == 0 ? 2 + noise : cell % 3 == 0 ? noise : 0, group == 1 ? 1 + noise : 0, cell % 4 < 2 ? 1.0F : 0.0F, 0});
    marked.group.push_back(group);
  }
  marked.expression = test::matrix_of(rows);
  return marked;
}

GroupGenes added(const Marked& marked, std::int64_t step) {
  GroupGenes genes(4, 3);
  for (std::int64_t first = 0; first < marked.expression.cells(); first += step) {
    const std::int64_t end = std::min(first + step, marked.expression.cells());
    genes.add(select_cells(marked.expression, first, end), {marked.group.data() + first, marked.group.data() + end});
  }
  return genes;
}

}  // namespace

TEST_CASE("a gene that is high in one group is its marker, and nobody else's", "[unit]") {
  const std::vector<MarkerGene> markers = marker_genes(added(marked_cells(), 64));
  REQUIRE(markers.size() == 2);
  CHECK(markers[0].group == 0);
  CHECK(markers[0].gene == 0);
  CHECK(markers[0].difference > 1.5);
  CHECK(markers[0].q_value < 1e-10);
  CHECK(markers[0].share_in == 1);
  CHECK(markers[0].share_out < 0.5);
  CHECK(markers[1].group == 1);
  CHECK(markers[1].gene == 1);
  CHECK(markers[1].share_out == 0);
  CHECK(marker_genes(added(marked_cells(), 64), {.top = 0}).empty());
}

TEST_CASE("sums of groups do not depend on the ranges they are added in", "[property]") {
  const GroupGenes whole = added(marked_cells(), 64), parts = added(marked_cells(), 7);
  CHECK(whole.cells() == std::vector<std::int64_t>{30, 30, 2});
  CHECK(parts.cells() == whole.cells());
  CHECK(gene_means(parts, {0, 2}).mean == gene_means(whole, {0, 2}).mean);
}

TEST_CASE("means and shares are those of a count by hand", "[unit]") {
  GroupGenes genes(3, 2);
  genes.add(test::matrix_of({{1, 0, 2}, {3, 0, 0}, {5, 4, 0}}), {0, 0, -1});
  const GeneMeans means = gene_means(genes, {2, 0});
  CHECK(means.mean == std::vector<float>{1, 2, 0, 0});
  CHECK(means.share == std::vector<float>{0.5F, 1, 0, 0});
  CHECK_THROWS(gene_means(genes, {3}));
  CHECK_THROWS(genes.add(test::matrix_of({{1, 0, 2}}), {2}));
}

TEST_CASE("a profile covers genes that the model does not know, and the model's patterns", "[unit]") {
  std::mt19937_64 rng(8);
  const Model model = test::random_model(2);
  test::MemoryReader reader(test::random_counts(rng, 40, 50, 0.3), test::numbered_genes(50));
  Query query(reader, model);
  GroupProfile profile(query, model, 2);
  std::vector<std::int32_t> group;
  for (int cell = 0; cell < 40; ++cell) group.push_back(cell % 3 - 1);
  profile.add(0, 15, {group.begin(), group.begin() + 15});
  profile.add(15, 40, {group.begin() + 15, group.end()});
  CHECK(profile.genes().genes() == 50);
  CHECK(profile.genes().cells() == std::vector<std::int64_t>{13, 13});

  const std::vector<float> scores = run_student(model.student, query.expression(0, 40), StudentTask::LabelAndExplain).patterns;
  double sum = 0;
  for (std::size_t cell = 1; cell < 40; cell += 3) sum += static_cast<double>(scores[cell * 3 + 2]);
  CHECK(profile.pattern_means()[2] == Approx(sum / 13));
}

}  // namespace plkd

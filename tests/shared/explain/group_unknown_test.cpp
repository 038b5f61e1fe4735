#include "shared/explain/group_unknown.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// Three kinds of cells that express genes of their own, in turn: of every six cells three are of kind 0, two of kind 1, one of
// kind 2, which is sequenced four times as deeply.
int kind_of(std::int64_t cell) { return cell % 6 < 3 ? 0 : cell % 6 < 5 ? 1 : 2; }

CountMatrix cells_of_three_kinds(std::int64_t cells) {
  std::mt19937_64 rng(21);
  std::vector<std::vector<float>> rows;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    std::vector<float> row(37, 0);
    const int kind = kind_of(cell);
    for (int gene = 12 * kind; gene < 12 * kind + 12; ++gene)
      row[static_cast<std::size_t>(gene)] = static_cast<float>((20 + rng() % 5) * (kind == 2 ? 4 : 1));
    rows.push_back(row);
  }
  return test::matrix_of(rows);
}

struct Labelled {
  Model model = test::random_model(2);
  test::MemoryReader reader;
  Query query;
  Annotations labels;

  explicit Labelled(std::int64_t cells)
      : reader(cells_of_three_kinds(cells), test::numbered_genes(37)), query(reader, model),
        labels(annotate(model, query.expression(0, cells))) {
    for (std::int64_t cell = 0; cell < cells; ++cell) {
      labels.kind[static_cast<std::size_t>(cell)] = cell % 10 == 9 ? LabelKind::Type : LabelKind::Unknown;
      labels.best[static_cast<std::size_t>(cell)] = kind_of(cell);
    }
  }
};

}  // namespace

TEST_CASE("unknown cells of three kinds are three groups, largest first, each with its nearest type", "[unit]") {
  Labelled cells(600);
  const UnknownGroups unknown = group_unknown(cells.query, cells.model, cells.labels);
  REQUIRE(unknown.groups.size() == 3);
  for (std::size_t cell = 0; cell < 600; ++cell)
    CHECK(unknown.group[cell] == (cell % 10 == 9 ? -1 : kind_of(static_cast<std::int64_t>(cell))));
  CHECK(unknown.groups[0].cells == 280);
  CHECK(unknown.groups[0].cells + unknown.groups[1].cells + unknown.groups[2].cells == 540);
  CHECK(unknown.groups[1].nearest.name == "T1");
  CHECK(unknown.groups[2].median_library > 3 * unknown.groups[0].median_library);
  CHECK(unknown.groups[0].median_genes >= 12);
}

TEST_CASE("cells beyond the sample go to the nearest group", "[unit]") {
  Labelled cells(600);
  const UnknownGroups whole = group_unknown(cells.query, cells.model, cells.labels);
  CHECK(group_unknown(cells.query, cells.model, cells.labels, {.sample = 100}).group == whole.group);
}

TEST_CASE("few unknown cells, or alike ones, are one group", "[unit]") {
  Labelled few(20);  // 18 unknown
  few.labels.best[0] = 2;  // 9 are nearest to T0
  const UnknownGroups one = group_unknown(few.query, few.model, few.labels);
  REQUIRE(one.groups.size() == 1);
  CHECK(one.groups[0].cells == 18);
  CHECK(one.groups[0].nearest.name.empty());  // no type has more than half, and there are no broader terms
  few.model.broader = {{"CL:1", "both", {0, 1}}, {"CL:2", "all", {0, 1, 2}}};
  CHECK(group_unknown(few.query, few.model, few.labels).groups[0].nearest.ontology_id == "CL:1");

  Labelled alike(600);
  CHECK(group_unknown(alike.query, alike.model, alike.labels, {.least_silhouette = 0.99}).groups.size() == 1);
}

TEST_CASE("where nothing is unknown there are no groups", "[unit]") {
  Labelled cells(30);
  cells.labels.kind.assign(30, LabelKind::Type);
  const UnknownGroups unknown = group_unknown(cells.query, cells.model, cells.labels);
  CHECK(unknown.groups.empty());
  CHECK(unknown.group == std::vector<std::int32_t>(30, -1));
  CHECK_THROWS(group_unknown(cells.query, cells.model, slice_of(cells.labels, 0, 10)));
}

}  // namespace plkd

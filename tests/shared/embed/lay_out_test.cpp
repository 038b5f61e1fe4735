#include "shared/embed/lay_out.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/shared/embed/clustered_latents.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

constexpr std::int64_t kCells = 700;

// Three kinds of cells that express genes of their own, in turn.
CountMatrix counts_of_three_kinds() {
  std::mt19937_64 rng(21);
  std::vector<std::vector<float>> rows;
  for (std::int64_t cell = 0; cell < kCells; ++cell) {
    std::vector<float> row(37, 1);
    for (std::int64_t gene = 12 * (cell % 3); gene < 12 * (cell % 3) + 12; ++gene)
      row[static_cast<std::size_t>(gene)] = static_cast<float>(10 + rng() % 10);
    rows.push_back(row);
  }
  return test::matrix_of(rows);
}

std::vector<LayoutStep> finish(Layout& layout) {
  std::vector<LayoutStep> steps = {layout.now()};
  double share = 0;
  while (layout.now() != LayoutStep::Done) {
    REQUIRE(steps.size() < 1000);
    layout.step();
    CHECK(layout.share() >= share);
    share = layout.share();
    if (layout.now() != steps.back()) steps.push_back(layout.now());
  }
  CHECK(share == 1);
  return steps;
}

double share_of_own_kind(const std::vector<float>& places) {
  const Neighbours nearest = nearest_neighbours({2, places}, 15);
  std::int64_t own = 0;
  for (std::size_t at = 0; at < nearest.cell.size(); ++at)
    own += static_cast<std::int32_t>(at / 15) % 3 == nearest.cell[at] % 3;
  return static_cast<double>(own) / static_cast<double>(nearest.cell.size());
}

}  // namespace

TEST_CASE("a query is laid out, and cells that were not sampled are placed with their kind", "[property]") {
  const Model model = test::random_model(2);
  test::MemoryReader reader(counts_of_three_kinds(), test::numbered_genes(37));
  Query query(reader, model);
  const std::vector<float> start = run_student(model.student, query.expression(0, kCells)).map;
  Layout layout(query, model, start, {.most = 250, .umap = {.rounds = 100}});
  CHECK(layout.places().empty());
  CHECK(layout.cells().size() < 320);
  CHECK(layout.cells().size() > 200);
  CHECK(finish(layout) == std::vector<LayoutStep>{LayoutStep::Reading, LayoutStep::Neighbours, LayoutStep::Moving,
                                                  LayoutStep::Placing, LayoutStep::Done});
  REQUIRE(layout.cells().size() == kCells);
  const std::vector<float> places = layout.places();
  REQUIRE(places.size() == 2 * kCells);
  CHECK(share_of_own_kind(places) > 0.98);

  Layout again(query, model, start, {.most = 250, .umap = {.rounds = 100}});
  finish(again);
  CHECK(again.places() == places);
  CHECK_THROWS(Layout(query, model, {0, 0}));
}

TEST_CASE("a query that is sampled whole is done when it has moved", "[unit]") {
  const Model model = test::random_model(2);
  test::MemoryReader reader(counts_of_three_kinds(), test::numbered_genes(37));
  Query query(reader, model);
  const std::vector<float> start = run_student(model.student, query.expression(0, kCells)).map;
  Layout layout(query, model, start, {.umap = {.rounds = 30}});
  finish(layout);
  CHECK(share_of_own_kind(layout.places()) > 0.98);
}

TEST_CASE("a cell is placed among its nearest, at their place when it is one of them", "[property]") {
  const test::Clustered cells = test::clustered_latents(2000, 8, 12, 9);
  // Each cluster has a place of its own.
  std::vector<float> places;
  for (const std::int32_t cluster : cells.cluster) {
    places.push_back(static_cast<float>(10 * (cluster % 3)));
    places.push_back(static_cast<float>(10 * (cluster / 3)));
  }
  const PlacedCells placed(cells.latents, places);
  const test::Clustered same = test::clustered_latents(2400, 8, 12, 9);  // the same centres, 400 cells more
  const Latents more{12, {same.latents.value.end() - 400 * 12, same.latents.value.end()}};
  const std::vector<float> found = placed.place(more);
  REQUIRE(found.size() == 800);
  std::int64_t right = 0;
  for (std::size_t cell = 0; cell < 400; ++cell) {
    const std::size_t like = (2000 + cell) % 8;
    right += std::abs(found[2 * cell] - places[2 * like]) < 1 && std::abs(found[2 * cell + 1] - places[2 * like + 1]) < 1;
  }
  CHECK(right >= 396);
  CHECK(PlacedCells({3, {1, 2, 3}}, {7, 8}).place({3, {9, 9, 9}}) == std::vector<float>{7, 8});
}

}  // namespace plkd

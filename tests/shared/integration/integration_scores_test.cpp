#include "shared/integration/integration_scores.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/shared/integration/integration_cells.h"

namespace plkd {

namespace {

constexpr double kTolerance = 1e-5;

IntegrationCells permuted(const IntegrationCells& cells) {
  std::vector<std::size_t> order(cells.type.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 rng(7);
  std::shuffle(order.begin(), order.end(), rng);
  IntegrationCells result;
  result.latents.width = cells.latents.width;
  const auto width = static_cast<std::size_t>(cells.latents.width);
  for (const std::size_t cell : order) {
    for (std::size_t axis = 0; axis < width; ++axis)
      result.latents.value.push_back(cells.latents.value[cell * width + axis]);
    result.type.push_back(cells.type[cell]);
    result.given.push_back(cells.given[cell]);
    result.batch.push_back(cells.batch[cell]);
  }
  return result;
}

}  // namespace

TEST_CASE("every integration score agrees with an independent computation", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const nlohmann::json scores = to_json(integration_scores(test::cells_of(document)));
  CHECK(scores["types"] == 6);
  CHECK(scores["batches"] == 3);
  int compared = 0;
  for (const auto& [name, expected] : document["expected"].items()) {
    if (name == "inertia") continue;
    INFO(name);
    CHECK(scores[name].get<double>() == Approx(expected.get<double>()).epsilon(kTolerance));
    ++compared;
  }
  CHECK(compared == 11);
}

TEST_CASE("the order of the cells changes no integration score", "[property]") {
  const IntegrationCells cells = test::blocks_of({.apart = 1.4F, .shift = 0.3F});
  const nlohmann::json one = to_json(integration_scores(cells));
  const nlohmann::json other = to_json(integration_scores(permuted(cells)));
  for (const auto& [name, value] : one.items()) {
    INFO(name);
    CHECK(other[name].get<double>() == Approx(value.get<double>()).epsilon(1e-9));
  }
}

TEST_CASE("types apart and batches mixed reach the good ends", "[property]") {
  const IntegrationScores scores = integration_scores(test::blocks_of({.apart = 1000}));
  CHECK(scores.asw_label > 0.999);
  CHECK(scores.graph_connectivity == 1);
  CHECK(scores.clisi_median == Approx(1));
  CHECK(scores.clisi == Approx(1));
  CHECK(scores.nmi_clusters == Approx(1));
  CHECK(scores.ari_clusters == 1);
  CHECK(scores.asw_batch > 0.95);
  CHECK(scores.ilisi_median > 1.85);
  CHECK(scores.ilisi > 0.85);
}

TEST_CASE("types mixed and batches apart reach the bad ends", "[property]") {
  const IntegrationScores scores = integration_scores(test::blocks_of({.shift = 1000}));
  CHECK(scores.asw_label == Approx(0.5).margin(0.01));
  CHECK(scores.graph_connectivity < 0.6);
  CHECK(scores.clisi < 0.2);
  CHECK(scores.nmi_clusters < 0.05);
  CHECK(scores.ari_clusters < 0.05);
  CHECK(scores.asw_batch < 0.001);
  CHECK(scores.ilisi_median == Approx(1));
  CHECK(scores.ilisi == Approx(0).margin(1e-9));
}

TEST_CASE("without batches the batch scores are null, the others stay", "[unit]") {
  IntegrationCells cells = test::blocks_of({.cells = 20, .apart = 2});
  const nlohmann::json with = to_json(integration_scores(cells));
  cells.batch.clear();
  const nlohmann::json without = to_json(integration_scores(cells));
  CHECK(without["batches"] == 0);
  for (const auto& [name, value] : without.items()) {
    INFO(name);
    if (name == "asw_batch" || name == "ilisi" || name == "ilisi_median")
      CHECK(value.is_null());
    else if (name != "batches")
      CHECK(value == with[name]);
  }
}

TEST_CASE("a sample of cells is ascending, of the size wanted and always the same", "[unit]") {
  std::vector<std::int64_t> cells(1000);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<std::int64_t>(3 * i);
  const std::vector<std::int64_t> sample = sample_cells(cells, 100);
  CHECK(sample.size() == 100);
  CHECK(std::is_sorted(sample.begin(), sample.end()));
  CHECK(std::set<std::int64_t>(sample.begin(), sample.end()).size() == 100);
  CHECK(std::all_of(sample.begin(), sample.end(), [](std::int64_t cell) { return cell % 3 == 0; }));
  CHECK(sample_cells(cells, 100) == sample);
  CHECK(sample_cells(cells, 2000) == cells);
  const double mean =
      static_cast<double>(std::accumulate(sample.begin(), sample.end(), std::int64_t{0})) / 100;
  CHECK(mean == Approx(1498.5).margin(4 * 866 / 10.0));  // four standard errors
}

}  // namespace plkd

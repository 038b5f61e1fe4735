#include "shared/embed/fuzzy_graph.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "tests/shared/embed/clustered_latents.h"

namespace plkd {

TEST_CASE("the nearest neighbour is sure, and all together count for log2(k)", "[unit]") {
  const std::vector<float> distance = {1, 1.5F, 2, 2.5F, 3, 4, 6, 7};
  const Yardstick yardstick = yardstick_of(distance, 2);
  CHECK(yardstick.nearest == 1);
  CHECK(yardstick.membership(1) == 1);
  double sum = 0;
  for (const float d : distance) sum += static_cast<double>(yardstick.membership(d));
  CHECK(sum == Approx(3).epsilon(1e-4));
}

TEST_CASE("duplicates are sure neighbours and do not set the measure", "[unit]") {
  const std::vector<float> distance = {0, 0, 0.5F, 1};
  CHECK(yardstick_of(distance, 1).nearest == 0.5F);
  CHECK(yardstick_of(distance, 1).membership(0) == 1);
  const std::vector<float> nothing_else = {0, 0, 0};
  CHECK(yardstick_of(nothing_else, 2).membership(1) < 1e-6F);
  CHECK(yardstick_of(nothing_else, 0).membership(0) == 1);
}

TEST_CASE("edges are there in both directions with the union of both views", "[unit]") {
  const test::Clustered cells = test::clustered_latents(80, 4, 6, 3);
  const Neighbours neighbours = nearest_neighbours(cells.latents, 15);
  std::map<std::pair<std::int32_t, std::int32_t>, float> view;  // each cell's own
  double sum = 0;
  for (const float d : neighbours.distance) sum += static_cast<double>(d);
  const auto mean = static_cast<float>(sum / static_cast<double>(neighbours.distance.size()));
  for (std::size_t at = 0; at < neighbours.cell.size(); ++at) {
    const Yardstick yardstick = yardstick_of({neighbours.distance.data() + at / 15 * 15, 15}, mean);
    view[{static_cast<std::int32_t>(at / 15), neighbours.cell[at]}] = yardstick.membership(neighbours.distance[at]);
  }
  std::map<std::pair<std::int32_t, std::int32_t>, float> joined;
  for (const FuzzyEdge& edge : fuzzy_graph(neighbours)) CHECK(joined.emplace(std::pair(edge.from, edge.to), edge.weight).second);
  for (const auto& [ends, weight] : joined) {
    const float a = view[ends], b = view[{ends.second, ends.first}];
    CHECK(weight == Approx(a + b - a * b).margin(1e-6));
    CHECK(joined.at({ends.second, ends.first}) == Approx(weight).margin(1e-6));
    CHECK(ends.first != ends.second);
  }
  CHECK(fuzzy_graph({}).empty());
}

}  // namespace plkd

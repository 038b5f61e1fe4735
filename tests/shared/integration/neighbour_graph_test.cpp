#include "shared/integration/neighbour_graph.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <utility>

#include "tests/shared/integration/integration_cells.h"

namespace plkd {

TEST_CASE("the nearest cells are those of a full sort, ties by place in the file", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const Neighbours neighbours = nearest_neighbours(test::cells_of(document).latents, 15);
  CHECK(neighbours.k == 15);
  CHECK(neighbours.cell == document["nearest"].get<std::vector<std::int32_t>>());
}

TEST_CASE("there are never more neighbours than other cells", "[unit]") {
  const Neighbours neighbours = nearest_neighbours({1, {0, 3, 1}}, 15);
  CHECK(neighbours.k == 2);
  CHECK(neighbours.cell == std::vector<std::int32_t>{2, 1, 2, 0, 0, 1});
  CHECK(neighbours.distance == std::vector<float>{1, 3, 2, 3, 1, 2});
  CHECK(nearest_neighbours({1, {7}}, 15).k == 0);
}

TEST_CASE("proposals by products miss no neighbour, wherever the cells lie and however alike they are", "[property]") {
  std::mt19937_64 rng(5);
  Latents latents{13, {}};
  for (int cell = 0; cell < 150; ++cell)
    for (int axis = 0; axis < 13; ++axis)
      latents.value.push_back(cell % 7 == 0 ? 1000.5F : 1000 + static_cast<float>(rng() % 1024) / 1024);
  const Neighbours found = nearest_neighbours(latents, 9);
  const std::vector<float> distance = distances_to_all(latents, 0, 150);
  for (std::int32_t cell = 0; cell < 150; ++cell) {
    std::vector<std::pair<float, std::int32_t>> others;
    for (std::int32_t other = 0; other < 150; ++other)
      if (other != cell) others.emplace_back(distance[static_cast<std::size_t>(cell * 150 + other)], other);
    std::sort(others.begin(), others.end());
    for (std::size_t at = 0; at < 9; ++at) {
      CHECK(found.cell[static_cast<std::size_t>(cell) * 9 + at] == others[at].second);
      CHECK(found.distance[static_cast<std::size_t>(cell) * 9 + at] == others[at].first);
    }
  }
  // Range by range it is the same.
  const NeighbourSearch search(latents);
  CHECK(search.of(40, 57, 9).cell == std::vector<std::int32_t>(found.cell.begin() + 40 * 9, found.cell.begin() + 57 * 9));
}

TEST_CASE("a type in two pieces counts its larger one", "[unit]") {
  // Three cells, far away two more of the same type; another type lies beside them and is whole.
  const Latents latents{1, {0, 1, 2, 100, 101, 200, 201, 202}};
  const Partition types{2, {0, 0, 0, 0, 0, 1, 1, 1}};
  CHECK(graph_connectivity(nearest_neighbours(latents, 1), types, 1) == Approx((3.0 / 5 + 1) / 2));
  CHECK(graph_connectivity(nearest_neighbours(latents, 7), types, 7) == 1);
}

TEST_CASE("a link in one direction connects", "[unit]") {
  // The nearest cell of 10 is 6, that of 6 is 5; without 10's link the type would be in two pieces.
  const Latents latents{1, {5, 6, 10}};
  CHECK(graph_connectivity(nearest_neighbours(latents, 1), {1, {0, 0, 0}}, 1) == 1);
}

}  // namespace plkd

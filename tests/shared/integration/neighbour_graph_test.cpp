#include "shared/integration/neighbour_graph.h"

#include <catch2/catch.hpp>

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

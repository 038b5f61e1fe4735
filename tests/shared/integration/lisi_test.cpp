#include "shared/integration/lisi.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/shared/integration/integration_cells.h"

namespace plkd {

namespace {

constexpr double kTolerance =
    1e-4;  // the width of the kernel is searched to 1e-5 in entropy, from float distances

}  // namespace

TEST_CASE("LISI agrees with a plain computation for every cell", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const IntegrationCells cells = test::cells_of(document);
  const Neighbours neighbours = nearest_neighbours(cells.latents, 89);
  for (const auto& [names, key] :
       {std::pair{&cells.type, "type_lisi"}, std::pair{&cells.batch, "batch_lisi"}}) {
    const std::vector<double> values = lisi(neighbours, partition_by(*names));
    REQUIRE(values.size() == document[key].size());
    for (std::size_t cell = 0; cell < values.size(); ++cell)
      CHECK(values[cell] == Approx(document[key][cell].get<double>()).epsilon(kTolerance));
  }
}

TEST_CASE("equally far neighbours count equally", "[unit]") {
  // The cell in the middle has three neighbours of each of two groups at distance 1.
  const Latents latents{3, {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0, 0, -1, 0, 0, 0, -1}};
  const Partition groups{2, {0, 0, 0, 0, 1, 1, 1}};
  CHECK(lisi(nearest_neighbours(latents, 6), groups)[0] == Approx(2));
  CHECK(lisi(nearest_neighbours(latents, 6), {1, {0, 0, 0, 0, 0, 0, 0}})[3] == Approx(1));
}

TEST_CASE("a cell alone has itself for company", "[unit]") {
  CHECK(lisi(nearest_neighbours({1, {3}}, 89), {1, {0}}) == std::vector<double>{1});
}

TEST_CASE("the median of an even number lies between the middle two", "[unit]") {
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({3, 1, 2}) == 2);
  CHECK(std::isnan(median({})));
}

}  // namespace plkd

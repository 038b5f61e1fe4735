#include "shared/integration/silhouette.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/shared/integration/integration_cells.h"

namespace plkd {

namespace {

constexpr double kTolerance = 1e-6;  // distances are float

}  // namespace

TEST_CASE("silhouettes are scikit-learn's, with equal cells and a type of one cell", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const IntegrationCells cells = test::cells_of(document);
  const std::vector<double> widths = silhouettes(cells.latents, partition_by(cells.type));
  REQUIRE(widths.size() == document["silhouette"].size());
  for (std::size_t cell = 0; cell < widths.size(); ++cell)
    CHECK(widths[cell] == Approx(document["silhouette"][cell].get<double>()).margin(kTolerance));
}

TEST_CASE("equal cells of two groups have silhouette 0", "[unit]") {
  const Latents latents{1, {2, 2, 2, 2}};
  CHECK(silhouettes(latents, {2, {0, 0, 1, 1}}) == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("a silhouette by hand", "[unit]") {
  const Latents latents{1, {0, 1, 4, 6}};
  const std::vector<double> widths = silhouettes(latents, {2, {0, 0, 1, 1}});
  CHECK(widths[0] == Approx((5.0 - 1) / 5));
  CHECK(widths[2] == Approx((3.5 - 2) / 3.5));
}

TEST_CASE("batch silhouettes leave out types that say nothing about batches", "[unit]") {
  const Latents latents{1, {0, 1, 5, 9, 9, 9}};
  const Partition types{2, {0, 0, 0, 1, 1, 1}};
  CHECK(std::isnan(batch_silhouette(latents, types, {3, {0, 1, 2, 0, 0, 0}})));
  CHECK(std::isnan(label_silhouette(latents, {1, {0, 0, 0, 0, 0, 0}})));
  const double first_alone = batch_silhouette({1, {0, 1, 5}}, {1, {0, 0, 0}}, {2, {0, 0, 1}});
  CHECK(batch_silhouette(latents, types, {2, {0, 0, 1, 1, 1, 1}}) == first_alone);
}

}  // namespace plkd

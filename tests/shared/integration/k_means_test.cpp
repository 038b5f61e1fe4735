#include "shared/integration/k_means.h"

#include <catch2/catch.hpp>

namespace plkd {

TEST_CASE("k-means finds groups that lie apart, and centres are their means", "[unit]") {
  const Latents latents{2, {0, 0, 0, 2, 10, 10, 10, 12, 1, 1}};
  const Partition partition = k_means(latents, {.groups = 2}).partition;
  CHECK(partition.group == std::vector<std::int32_t>{0, 0, 1, 1, 0});
  const Latents centres = centres_of(latents, partition);
  CHECK(centres.value[0] == Approx(1.0 / 3));
  CHECK(centres.value[1] == 1);
  CHECK(centres.value[2] == 10);
  CHECK(centres.value[3] == 11);
}

TEST_CASE("a cell goes to the nearest centre, the first of equally near ones", "[unit]") {
  CHECK(nearest_centres({1, {0, 4, 5, 6, 100}}, {1, {0, 10}}) == std::vector<std::int32_t>{0, 0, 0, 1, 1});
}

}  // namespace plkd

#include "shared/integration/clustering_agreement.h"

#include <catch2/catch.hpp>
#include <set>

#include "shared/integration/k_means.h"
#include "tests/shared/integration/integration_cells.h"

namespace plkd {

namespace {

constexpr double kExact = 1e-12;

Partition renamed(Partition partition) {
  for (std::int32_t& group : partition.group) group = partition.groups - 1 - group;
  return partition;
}

}  // namespace

TEST_CASE("agreement is scikit-learn's and does not depend on names", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const IntegrationCells cells = test::cells_of(document);
  const Partition types = partition_by(cells.type), given = partition_by(cells.given);
  const double nmi = document["expected"]["nmi_given"], ari = document["expected"]["ari_given"];
  for (const Partition& other : {given, renamed(given)}) {
    CHECK(normalised_mutual_information(types, other) == Approx(nmi).epsilon(kExact));
    CHECK(normalised_mutual_information(other, types) == Approx(nmi).epsilon(kExact));
    CHECK(adjusted_rand_index(types, other) == Approx(ari).epsilon(kExact));
  }
}

TEST_CASE("agreement at its ends", "[unit]") {
  const Partition halves{2, {0, 0, 1, 1}}, crossed{2, {0, 1, 0, 1}}, whole{1, {0, 0, 0, 0}};
  CHECK(normalised_mutual_information(halves, renamed(halves)) == Approx(1).epsilon(kExact));
  CHECK(adjusted_rand_index(halves, renamed(halves)) == 1);
  CHECK(normalised_mutual_information(halves, crossed) == 0);
  CHECK(adjusted_rand_index(halves, crossed) == Approx(-0.5));
  CHECK(normalised_mutual_information(whole, whole) == 1);
  CHECK(adjusted_rand_index(whole, whole) == 1);
  CHECK(normalised_mutual_information(halves, whole) == 0);
  CHECK(adjusted_rand_index(halves, whole) == 0);
}

TEST_CASE("k-means is as tight as scikit-learn's best of 200 beginnings", "[golden]") {
  const nlohmann::json document = test::integration_golden();
  const IntegrationCells cells = test::cells_of(document);
  const KMeansResult clusters = k_means(cells.latents, {partition_by(cells.type).groups});
  CHECK(clusters.inertia == Approx(document["expected"]["inertia"].get<double>()).epsilon(1e-5));
}

TEST_CASE("k-means makes no more groups than there are different cells", "[unit]") {
  const KMeansResult clusters = k_means({1, {1, 5, 1, 5, 5}}, {4});
  CHECK(clusters.partition.groups == 2);
  CHECK(clusters.inertia == 0);
  CHECK(adjusted_rand_index(clusters.partition, {2, {0, 1, 0, 1, 1}}) == 1);
}

}  // namespace plkd

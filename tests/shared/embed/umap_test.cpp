#include "shared/embed/umap.h"

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/shared/embed/clustered_latents.h"

namespace plkd {

namespace {

// The first two principal components: where the page's layouts begin.
std::vector<float> principal_places(const Latents& latents) {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::MatrixXd cells = Eigen::Map<const Matrix>(latents.value.data(), latents.cells(), latents.width).cast<double>();
  cells.rowwise() -= cells.colwise().mean().eval();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(cells.transpose() * cells);
  const Eigen::MatrixXd places = cells * solver.eigenvectors().rightCols(2);
  std::vector<float> result;
  for (Eigen::Index cell = 0; cell < places.rows(); ++cell)
    for (Eigen::Index axis = 0; axis < 2; ++axis) result.push_back(static_cast<float>(places(cell, axis)));
  return result;
}

std::vector<float> laid_out(const Latents& latents, const std::vector<float>& start, const UmapOptions& options = {}) {
  Umap umap(latents, start, options);
  for (int steps = 0; !umap.is_done(); ++steps) {
    REQUIRE(steps < 10000);
    umap.step();
  }
  return umap.places();
}

// Share of the 15 nearest neighbours in the latents that are among the 15 nearest in two dimensions.
double neighbours_kept(const Latents& latents, const std::vector<float>& places) {
  const Neighbours before = nearest_neighbours(latents, 15), after = nearest_neighbours({2, places}, 15);
  std::int64_t kept = 0;
  for (std::size_t at = 0; at < before.cell.size(); at += 15) {
    const std::set<std::int32_t> found(after.cell.data() + at, after.cell.data() + at + 15);
    for (std::size_t i = 0; i < 15; ++i) kept += found.count(before.cell[at + i]) > 0;
  }
  return static_cast<double>(kept) / static_cast<double>(before.cell.size());
}

double share_of_own_cluster(const std::vector<std::int32_t>& cluster, const std::vector<float>& places) {
  const Neighbours nearest = nearest_neighbours({2, places}, 15);
  std::int64_t own = 0;
  for (std::size_t at = 0; at < nearest.cell.size(); ++at)
    own += cluster[at / 15] == cluster[static_cast<std::size_t>(nearest.cell[at])];
  return static_cast<double>(own) / static_cast<double>(nearest.cell.size());
}

}  // namespace

TEST_CASE("a layout keeps neighbours that its start does not, and takes clusters apart", "[property]") {
  const test::Clustered cells = test::clustered_latents(900, 9, 20, 4);
  const std::vector<float> start = principal_places(cells.latents), places = laid_out(cells.latents, start);
  REQUIRE(places.size() == start.size());
  CHECK(neighbours_kept(cells.latents, places) > 0.8);  // seen 0.86
  CHECK(neighbours_kept(cells.latents, start) < 0.5);   // seen 0.44
  CHECK(share_of_own_cluster(cells.cluster, places) > 0.99);
  CHECK(share_of_own_cluster(cells.cluster, start) < 0.95);
}

TEST_CASE("the same seed gives the same places bit for bit, another seed others", "[property]") {
  const test::Clustered cells = test::clustered_latents(200, 4, 8, 5);
  const std::vector<float> start = principal_places(cells.latents);
  const std::vector<float> places = laid_out(cells.latents, start, {.rounds = 60});
  CHECK(laid_out(cells.latents, start, {.rounds = 60}) == places);
  CHECK(laid_out(cells.latents, start, {.rounds = 60, .seed = 2}) != places);
}

TEST_CASE("a handful of cells, or none, has a layout", "[unit]") {
  for (const std::int64_t cells : {0, 1, 2, 5}) {
    const test::Clustered few = test::clustered_latents(cells, 2, 4, 6);
    const std::vector<float> places = laid_out(few.latents, std::vector<float>(static_cast<std::size_t>(2 * cells), 1));
    REQUIRE(places.size() == static_cast<std::size_t>(2 * cells));
    for (const float place : places) CHECK(std::isfinite(place));
  }
}

TEST_CASE("duplicates of cells stay together and finite", "[unit]") {
  test::Clustered cells = test::clustered_latents(60, 3, 6, 7);
  // Every cell of cluster 0 is the same one.
  for (std::size_t cell = 3; cell < 60; cell += 3)
    std::copy_n(cells.latents.value.data(), 6, cells.latents.value.data() + cell * 6);
  const std::vector<float> places = laid_out(cells.latents, principal_places(cells.latents));
  for (const float place : places) CHECK(std::isfinite(place));
  CHECK(share_of_own_cluster(cells.cluster, places) > 0.9);
  const Latents all_the_same{6, std::vector<float>(60 * 6, 0.5F)};
  for (const float place : laid_out(all_the_same, std::vector<float>(120))) CHECK(std::isfinite(place));
}

TEST_CASE("a step says how far it is", "[unit]") {
  const test::Clustered cells = test::clustered_latents(300, 3, 6, 8);
  Umap umap(cells.latents, principal_places(cells.latents));
  CHECK(umap.progress() == 0);
  CHECK_FALSE(umap.is_moving());
  while (!umap.is_moving()) umap.step();
  double last = 0;
  while (!umap.is_done()) {
    CHECK(umap.progress() >= last);
    last = umap.progress();
    umap.step();
  }
  CHECK(umap.progress() == 1);
  CHECK_THROWS(Umap(cells.latents, {0, 0}));
}

}  // namespace plkd

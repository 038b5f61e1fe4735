#include "trainer/losses/batch_alignment.h"

#include <catch2/catch.hpp>

namespace {

torch::Tensor table(const std::vector<double>& values, std::int64_t width) {
  return torch::tensor(values, torch::kDouble).view({-1, width});
}

torch::Tensor numbers(const std::vector<std::int64_t>& values) { return torch::tensor(values, torch::kLong); }

double aligned(const torch::Tensor& latent, const std::vector<std::int64_t>& label,
               const std::vector<std::int64_t>& batch) {
  return plkd::batch_alignment(latent, numbers(label), numbers(batch)).item<double>();
}

}  // namespace

TEST_CASE("batch alignment has its hand-computed value", "[golden]") {
  // Class 0: batch 0 at 0 and 2, batch 1 at 5 and 7: centres 1 and 6, of the class 3.5; between 25, in
  // all 29. Class 1 has one batch and does not count.
  CHECK(aligned(table({0, 2, 5, 7, 100}, 1), {0, 0, 0, 0, 1}, {0, 0, 1, 1, 1}) ==
        Approx(25.0 / 29).epsilon(1e-12));
  // With a class 1 of one cell a batch, 8 and 12: its batches explain all of its 8.
  CHECK(aligned(table({0, 2, 5, 7, 8, 12}, 1), {0, 0, 0, 0, 1, 1}, {0, 0, 1, 1, 0, 1}) ==
        Approx((25.0 + 8) / (29 + 8)).epsilon(1e-12));
}

TEST_CASE("batch alignment is 0 where batches coincide, 1 where each is a point, and free of scale",
          "[unit]") {
  const std::vector<std::int64_t> label = {0, 0, 0, 0}, batch = {0, 0, 1, 1};
  CHECK(aligned(table({0, 1, 2, 3, 0, 1, 2, 3}, 2), label, batch) == Approx(0).margin(1e-12));
  CHECK(aligned(table({1, 1, 4, 4}, 1), label, batch) == Approx(1).epsilon(1e-12));
  const torch::Tensor latent = table({0, 2, 5, 9}, 1);
  CHECK(aligned(1000 * latent + 7, label, batch) == Approx(aligned(latent, label, batch)).epsilon(1e-9));
}

TEST_CASE("batch alignment is 0 where no class has two batches, and its gradient is finite everywhere",
          "[unit]") {
  CHECK(aligned(table({0, 2, 5}, 1), {0, 1, 2}, {0, 1, 1}) == 0);
  CHECK(aligned(table({0, 2, 5}, 1), {0, 0, 1}, {1, 1, 0}) == 0);
  // Batch 1 is absent, class 1 has one cell, two cells are on one spot.
  const torch::Tensor latent = table({1, 1, 1, 1, 4, 2, 0, 3}, 2).requires_grad_();
  plkd::batch_alignment(latent, numbers({0, 0, 0, 1}), numbers({0, 2, 2, 2})).backward();
  CHECK(torch::isfinite(latent.grad()).all().item<bool>());
  CHECK(latent.grad().abs().sum().item<double>() > 0);
  const torch::Tensor one_spot = torch::ones({4, 2}, torch::kDouble).requires_grad_();
  plkd::batch_alignment(one_spot, numbers({0, 0, 0, 0}), numbers({0, 0, 1, 1})).backward();
  CHECK(torch::isfinite(one_spot.grad()).all().item<bool>());
}

TEST_CASE("following batch alignment's gradient draws the batches of a class together", "[unit]") {
  torch::manual_seed(1);
  const std::vector<std::int64_t> label = {0, 0, 0, 0, 1, 1, 1, 1}, batch = {0, 0, 1, 1, 0, 0, 1, 1};
  torch::Tensor latent = torch::randn({8, 3}, torch::kDouble);
  latent.slice(0, 2, 4) += 4;
  const double before = aligned(latent, label, batch);
  latent.requires_grad_();
  for (int step = 0; step < 300; ++step) {
    plkd::batch_alignment(latent, numbers(label), numbers(batch)).backward();
    const torch::NoGradGuard no_gradient;
    latent -= 2 * latent.grad();
    latent.mutable_grad().zero_();
  }
  CHECK(aligned(latent.detach(), label, batch) < 0.5 * before);
}

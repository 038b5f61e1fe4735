#include "trainer/fit/optimiser.h"

#include <catch2/catch.hpp>

namespace {

// How far each step moves one weight whose gradient is always 1.
std::vector<double> moves(const plkd::OptimiserOptions& options) {
  torch::nn::Linear network(torch::nn::LinearOptions(1, 1).bias(false));
  plkd::Optimiser optimiser(*network, options);
  std::vector<double> moved;
  for (std::int64_t step = 0; step < options.steps; ++step) {
    const double before = network->weight.item<double>();
    optimiser.zero_grad();
    network->weight.sum().backward();
    optimiser.step(step);
    moved.push_back(before - network->weight.item<double>());
  }
  return moved;
}

plkd::OptimiserOptions options_of(plkd::OptimiserKind kind) {
  plkd::OptimiserOptions options;
  options.kind = kind;
  options.learning_rate = 0.5;
  options.weight_decay = 0;
  options.steps = 40;
  options.steps_per_epoch = 10;
  return options;
}

}  // namespace

TEST_CASE("one cycle goes up over 15 % of the steps and down to nearly nothing", "[unit]") {
  const std::vector<double> moved = moves(options_of(plkd::OptimiserKind::OneCycleAdamW));
  CHECK(moved.front() == Approx(0.5 * 0.04).epsilon(1e-3));
  CHECK(moved[6] == Approx(0.5).epsilon(0.02));
  CHECK(moved.back() < 1e-3);
}

TEST_CASE("the published Teacher's rate falls by epoch along a cosine, with momentum", "[golden]") {
  const std::vector<double> moved = moves(options_of(plkd::OptimiserKind::PublishedTeacher));
  CHECK(moved[0] == Approx(0.5).epsilon(1e-4));
  CHECK(moved[1] == Approx(0.5 * 1.9).epsilon(1e-4));
  // Epoch 2 of 4: half of 99 % and the 1 %. By step 29 the momentum has reached 1 / (1 - 0.9), less 0.9^30.
  CHECK(moved[29] == Approx(0.5 * 0.505 * 10 * (1 - std::pow(0.9, 30))).epsilon(1e-3));
}

TEST_CASE("the published Student's rate is constant", "[golden]") {
  for (const double move : moves(options_of(plkd::OptimiserKind::PublishedStudent))) {
    CHECK(move == Approx(0.5).epsilon(1e-4));
  }
}

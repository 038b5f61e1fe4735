#include "trainer/fit/fit_loop.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

namespace {

plkd::FitLoopOptions steps(std::int64_t count) {
  plkd::FitLoopOptions options;
  options.steps = count;
  options.learning_rate = 0.05;
  return options;
}

}  // namespace

TEST_CASE("batches hold each cell once a round", "[unit]") {
  std::mt19937_64 rng(1);
  plkd::Batches batches(10, 4, rng);
  for (int round = 0; round < 3; ++round) {
    std::multiset<std::int64_t> seen;
    for (const std::size_t size : {std::size_t{4}, std::size_t{4}, std::size_t{2}}) {
      const std::vector<std::int64_t> batch = batches.next();
      CHECK(batch.size() == size);
      seen.insert(batch.begin(), batch.end());
    }
    CHECK(seen == std::multiset<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("rare classes get their share of a batch, the others keep their proportions", "[unit]") {
  std::vector<std::int32_t> label(1000, 0);
  for (std::size_t cell = 0; cell < 300; ++cell) label[cell] = 1;
  label[999] = 2;  // 0.1 % of the cells
  std::mt19937_64 rng(1);
  plkd::Batches batches(label, {.least = 0.05}, 1000, rng);
  std::vector<int> drawn(3);
  for (int round = 0; round < 20; ++round) {
    const std::vector<std::int64_t> batch = batches.next();
    REQUIRE(batch.size() == 1000);
    for (const std::int64_t cell : batch) ++drawn[static_cast<std::size_t>(label[static_cast<std::size_t>(cell)])];
  }
  CHECK(drawn[2] == Approx(20000 * 0.05 / 1.049).epsilon(0.1));
  CHECK(drawn[0] / static_cast<double>(drawn[1]) == Approx(699.0 / 300).epsilon(0.05));
}

TEST_CASE("classes can be evened out", "[unit]") {
  std::vector<std::int32_t> label(1000, 0);
  for (std::size_t cell = 0; cell < 100; ++cell) label[cell] = 1;
  std::mt19937_64 rng(1);
  plkd::Batches batches(label, {.exponent = 0.5, .least = 0}, 20000, rng);
  double rare = 0;
  for (const std::int64_t cell : batches.next()) rare += cell < 100;
  CHECK(rare / 20000 == Approx(10.0 / (10 + 30)).epsilon(0.05));  // square roots of 100 and 900
}

TEST_CASE("small references get enough steps and large ones not too many", "[unit]") {
  CHECK(plkd::steps_for(100, 128, 12) == 125);
  CHECK(plkd::steps_for(700, 128, 12) == 250);
  CHECK(plkd::steps_for(3300, 128, 12) == 310);
  CHECK(plkd::steps_for(10000000, 128, 12) == 3000);
}

TEST_CASE("fitting ends with the checkpoint that did best, the later of equals", "[unit]") {
  torch::manual_seed(1);
  torch::nn::Linear network(2, 2);
  std::mt19937_64 rng(1);
  plkd::Batches batches(8, 128, rng);
  plkd::Progress progress("test", 10, plkd::Verbosity::Quiet);
  const std::vector<double> macro_f1 = {0.1, 0.9, 0.9, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
  std::vector<torch::Tensor> weights;
  plkd::FitLoopOptions options = steps(10);
  options.patience = 100;
  options.keep = plkd::Checkpoint::Best;
  const plkd::FitLoopResult result = plkd::fit_loop(
      *network, batches, options, progress,
      [&](const std::vector<std::int64_t>&) {
        return network->forward(torch::ones({1, 2})).square().sum();
      },
      [&] {
        weights.push_back(network->weight.detach().clone());
        return plkd::Agreement{0, macro_f1[weights.size() - 1]};
      });
  CHECK(result.steps == 10);
  CHECK(result.best_step == 3);
  CHECK(result.held_out.macro_f1 == 0.9);
  CHECK(torch::equal(network->weight.detach(), weights[2]));
  CHECK_FALSE(torch::equal(network->weight.detach(), weights[9]));
  CHECK_FALSE(network->is_training());
}

TEST_CASE("what is evaluated and kept is the average of the weights of many steps", "[unit]") {
  std::vector<std::vector<double>> weights;  // of each evaluation, without memory and with
  for (const double memory : {0.0, 0.98}) {
    torch::manual_seed(1);
    torch::nn::Linear network(1, 1);
    std::mt19937_64 rng(1);
    plkd::Batches batches(8, 128, rng);
    plkd::Progress progress("test", 40, plkd::Verbosity::Quiet);
    plkd::FitLoopOptions options = steps(40);
    options.memory = memory;
    options.patience = 100;
    weights.emplace_back();
    double side = 1;  // a loss that pulls to and fro: single steps jump, their average hardly moves
    plkd::fit_loop(
        *network, batches, options, progress,
        [&](const std::vector<std::int64_t>& batch) {
          if (batch.size() == 8) side = -side;
          return (side * network->weight).sum();
        },
        [&] {
          weights.back().push_back(network->weight.item<double>());
          return plkd::Agreement{};
        });
    CHECK(network->weight.item<double>() == weights.back().back());
  }
  const auto jumps = [](const std::vector<double>& values) {
    double sum = 0;
    for (std::size_t i = 1; i < values.size(); ++i) sum += std::abs(values[i] - values[i - 1]);
    return sum;
  };
  CHECK(jumps(weights[1]) < jumps(weights[0]));
}

TEST_CASE("fitting stops early when the held-out cells have long done worse", "[unit]") {
  torch::nn::Linear network(2, 2);
  std::mt19937_64 rng(1);
  plkd::Batches batches(8, 128, rng);
  plkd::FitLoopOptions options = steps(100);
  options.keep = plkd::Checkpoint::Best;
  plkd::Progress progress("test", 100, plkd::Verbosity::Quiet);
  double macro_f1 = 1;
  const plkd::FitLoopResult result = plkd::fit_loop(
      *network, batches, options, progress,
      [&](const std::vector<std::int64_t>&) {
        return network->forward(torch::ones({1, 2})).square().sum();
      },
      [&] {
        return plkd::Agreement{0, macro_f1 -= 0.01};
      });
  CHECK(result.best_step == 10);
  CHECK(result.steps == 60);
}

TEST_CASE("agreement counts macro F1 over the classes that occur", "[unit]") {
  // Classes 0 and 1 occur; the third cell, of class 1, is called 2. F1: 1 and 2/3.
  const torch::Tensor logits = torch::tensor({9.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 9.0}).view({3, 3});
  const plkd::Agreement agreement = plkd::agreement(logits, torch::tensor({0, 1, 1}, torch::kLong));
  CHECK(agreement.accuracy == Approx(2.0 / 3));
  CHECK(agreement.macro_f1 == Approx((1 + 2.0 / 3) / 2));
}

TEST_CASE("without an evaluation fitting keeps the last weights and takes every step", "[unit]") {
  torch::manual_seed(1);
  torch::nn::Linear network(2, 2);
  std::mt19937_64 rng(1);
  plkd::Batches batches(8, 4, rng);
  plkd::FitLoopOptions options = steps(30);
  options.memory = 0;
  plkd::Progress progress("test", 30, plkd::Verbosity::Quiet);
  torch::Tensor last;  // before the last step
  const plkd::FitLoopResult result = plkd::fit_loop(
      *network, batches, options, progress,
      [&](const std::vector<std::int64_t>&) {
        last = network->weight.detach().clone();
        return network->weight.square().sum();
      },
      {});
  CHECK(result.steps == 30);
  CHECK(result.best_step == 30);
  CHECK(result.cells == 120);
  CHECK_FALSE(network->is_training());
  CHECK_FALSE(torch::equal(network->weight, last));
}

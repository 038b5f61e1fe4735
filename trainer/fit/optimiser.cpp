#include "trainer/fit/optimiser.h"

#include <algorithm>
#include <cmath>

namespace plkd {
namespace {

constexpr double kWarmUp = 0.15;
constexpr double kClip = 1.0;
constexpr double kPi = 3.14159265358979323846;

// Share of the highest learning rate at a step: from 1/25 up, then down to nearly nothing.
double one_cycle(std::int64_t step, std::int64_t steps) {
  const double place = static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(steps - 1, 1));
  if (place < kWarmUp) return 0.04 + 0.96 * (1 - std::cos(kPi * place / kWarmUp)) / 2;
  return 1e-4 + (1 - 1e-4) * (1 + std::cos(kPi * (place - kWarmUp) / (1 - kWarmUp))) / 2;
}

// The published schedule: (1 + cos(pi e / E)) / 2 * 0.99 + 0.01 in epoch e of E.
double cosine_by_epoch(std::int64_t epoch, double epochs) {
  return (1 + std::cos(kPi * static_cast<double>(epoch) / epochs)) / 2 * 0.99 + 0.01;
}

std::unique_ptr<torch::optim::Optimizer> make(torch::nn::Module& network, const OptimiserOptions& options) {
  const double rate = options.learning_rate, decay = options.weight_decay;
  switch (options.kind) {
    case OptimiserKind::PublishedTeacher:
      return std::make_unique<torch::optim::SGD>(
          network.parameters(), torch::optim::SGDOptions(rate).momentum(0.9).weight_decay(decay));
    case OptimiserKind::PublishedStudent:
      return std::make_unique<torch::optim::Adam>(network.parameters(),
                                                  torch::optim::AdamOptions(rate).weight_decay(decay));
    case OptimiserKind::OneCycleMomentum:
      return std::make_unique<torch::optim::SGD>(
          network.parameters(),
          torch::optim::SGDOptions(rate).momentum(0.9).nesterov(true).weight_decay(decay));
    case OptimiserKind::OneCycleAdamW:
      break;
  }
  return std::make_unique<torch::optim::AdamW>(network.parameters(),
                                               torch::optim::AdamWOptions(rate).weight_decay(decay));
}

}  // namespace

Optimiser::Optimiser(torch::nn::Module& network, const OptimiserOptions& options)
    : network_(network), options_(options), optimiser_(make(network, options)) {}

double Optimiser::rate(std::int64_t done) const {
  switch (options_.kind) {
    case OptimiserKind::PublishedTeacher: {
      const double epochs =
          static_cast<double>(options_.steps) / static_cast<double>(options_.steps_per_epoch);
      return options_.learning_rate * cosine_by_epoch(done / options_.steps_per_epoch, epochs);
    }
    case OptimiserKind::PublishedStudent:
      return options_.learning_rate;
    case OptimiserKind::OneCycleMomentum:
    case OptimiserKind::OneCycleAdamW:
      break;
  }
  return options_.learning_rate * one_cycle(done, options_.steps);
}

void Optimiser::step(std::int64_t done) {
  for (torch::optim::OptimizerParamGroup& group : optimiser_->param_groups())
    group.options().set_lr(rate(done));
  if (options_.kind == OptimiserKind::OneCycleAdamW)
    torch::nn::utils::clip_grad_norm_(network_.parameters(), kClip);
  optimiser_->step();
}

}  // namespace plkd

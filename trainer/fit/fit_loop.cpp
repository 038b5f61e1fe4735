#include "trainer/fit/fit_loop.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>

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

std::vector<torch::Tensor> copy_of(const torch::nn::Module& network) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& parameter : network.parameters()) copies.push_back(parameter.detach().clone());
  return copies;
}

void restore(torch::nn::Module& network, const std::vector<torch::Tensor>& copies) {
  const torch::NoGradGuard no_gradient;
  const std::vector<torch::Tensor> parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].detach().copy_(copies[i]);
}

std::string note_of(const Agreement& held_out) {
  char text[64];
  std::snprintf(text, sizeof text, "held-out macro F1 %.3f", held_out.macro_f1);
  return text;
}

}  // namespace

std::int64_t steps_for(std::int64_t cells, std::int64_t batch, double epochs) {
  constexpr std::int64_t kFewest = 150, kMost = 3000;
  const double steps = std::ceil(epochs * static_cast<double>(cells) / static_cast<double>(batch));
  return std::clamp(static_cast<std::int64_t>(steps), kFewest, kMost);
}

std::vector<std::int64_t> Batches::next() {
  std::vector<std::int64_t> cells;
  while (static_cast<std::int64_t>(cells.size()) < batch_) {
    if (next_ >= static_cast<std::int64_t>(order_.size())) {
      // The last, smaller batch of a round is used as it is: a cell never meets its own copy.
      if (!cells.empty()) return cells;
      std::iota(order_.begin(), order_.end(), std::int64_t{0});
      for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[rng_() % i]);
      next_ = 0;
    }
    cells.push_back(order_[static_cast<std::size_t>(next_++)]);
  }
  return cells;
}

FitLoopResult fit_loop(torch::nn::Module& network, std::int64_t cells, const FitLoopOptions& options,
                       std::mt19937_64& rng, Progress& progress,
                       const std::function<torch::Tensor(const std::vector<std::int64_t>& batch)>& loss_of,
                       const std::function<Agreement()>& evaluate) {
  torch::optim::AdamW optimiser(
      network.parameters(), torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay));
  Batches batches(cells, options.batch, rng);
  const std::int64_t between = std::max<std::int64_t>(1, options.steps / std::max<std::int64_t>(options.evaluations, 1));
  FitLoopResult result;
  std::vector<torch::Tensor> best, average;
  std::int64_t worse_in_a_row = 0;
  std::string note;
  network.train();
  for (std::int64_t step = 0; step < options.steps; ++step) {
    for (auto& group : optimiser.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options()).lr(options.learning_rate * one_cycle(step, options.steps));
    }
    optimiser.zero_grad();
    loss_of(batches.next()).backward();
    torch::nn::utils::clip_grad_norm_(network.parameters(), kClip);
    optimiser.step();
    if (options.ema > 0) {
      const torch::NoGradGuard ng;
      const double decay = std::min(options.ema, static_cast<double>(step + 1) / static_cast<double>(step + 10));
      auto ps = network.parameters();
      if (average.empty()) average = copy_of(network);
      for (std::size_t i = 0; i < ps.size(); ++i) average[i].mul_(decay).add_(ps[i], 1 - decay);
    }
    result.steps = step + 1;
    if (result.steps % between == 0 || result.steps == options.steps) {
      network.eval();
      std::vector<torch::Tensor> raw;
      if (!average.empty()) { raw = copy_of(network); restore(network, average); }
      const Agreement held_out = evaluate();
      network.train();
      note = note_of(held_out);
      if (best.empty() || held_out.macro_f1 >= result.held_out.macro_f1) {
        best = copy_of(network);
        result.best_step = result.steps;
        result.held_out = held_out;
        worse_in_a_row = 0;
      } else if (++worse_in_a_row >= options.patience) {
        break;
      }
      if (!raw.empty()) restore(network, raw);
    }
    progress.set(result.steps, note);
  }
  restore(network, best);
  network.eval();
  progress.finish(note_of(result.held_out));
  return result;
}

}  // namespace plkd

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

using Weights = std::vector<torch::Tensor>;

// Share of the highest learning rate at a step: from 1/25 up, then down to nearly nothing.
double one_cycle(std::int64_t step, std::int64_t steps) {
  const double place = static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(steps - 1, 1));
  if (place < kWarmUp) return 0.04 + 0.96 * (1 - std::cos(kPi * place / kWarmUp)) / 2;
  return 1e-4 + (1 - 1e-4) * (1 + std::cos(kPi * (place - kWarmUp) / (1 - kWarmUp))) / 2;
}

void set_learning_rate(torch::optim::AdamW& optimiser, double rate) {
  for (auto& group : optimiser.param_groups()) {
    static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
  }
}

Weights copy_of(const torch::nn::Module& network) {
  Weights copies;
  for (const torch::Tensor& parameter : network.parameters()) copies.push_back(parameter.detach().clone());
  return copies;
}

void set_weights(torch::nn::Module& network, const Weights& weights) {
  const torch::NoGradGuard no_gradient;
  const Weights parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].detach().copy_(weights[i]);
}

// Moves the average towards the network's weights; in the first steps further, so that it forgets how they
// were drawn.
void add_to_average(Weights& average, const torch::nn::Module& network, std::int64_t step, double memory) {
  const torch::NoGradGuard no_gradient;
  const double kept = std::min(memory, static_cast<double>(step) / static_cast<double>(step + 10));
  const Weights parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    average[i].mul_(kept).add_(parameters[i].detach(), 1 - kept);
}

Agreement evaluate_with(torch::nn::Module& network, const Weights& weights,
                        const std::function<Agreement()>& evaluate) {
  const Weights current = copy_of(network);
  set_weights(network, weights);
  network.eval();
  const Agreement held_out = evaluate();
  network.train();
  set_weights(network, current);
  return held_out;
}

Weights clone(const Weights& weights) {
  Weights copies;
  for (const torch::Tensor& weight : weights) copies.push_back(weight.clone());
  return copies;
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

Batches::Batches(std::int64_t cells, std::int64_t batch, std::mt19937_64& rng)
    : order_(static_cast<std::size_t>(cells)),
      batch_(static_cast<std::size_t>(batch)),
      rng_(rng),
      next_(order_.size()) {}

std::vector<std::int64_t> Batches::next() {
  if (next_ == order_.size()) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[rng_() % i]);
    next_ = 0;
  }
  const std::size_t first = next_;
  next_ = std::min(next_ + batch_, order_.size());
  return {order_.begin() + static_cast<std::ptrdiff_t>(first),
          order_.begin() + static_cast<std::ptrdiff_t>(next_)};
}

FitLoopResult fit_loop(torch::nn::Module& network, std::int64_t cells, const FitLoopOptions& options,
                       std::mt19937_64& rng, Progress& progress,
                       const std::function<torch::Tensor(const std::vector<std::int64_t>& batch)>& loss_of,
                       const std::function<Agreement()>& evaluate) {
  torch::optim::AdamW optimiser(
      network.parameters(),
      torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay));
  Batches batches(cells, options.batch, rng);
  const std::int64_t between =
      std::max<std::int64_t>(1, options.steps / std::max<std::int64_t>(options.evaluations, 1));
  FitLoopResult result;
  Weights average = copy_of(network), best;
  std::int64_t worse_in_a_row = 0;
  std::string note;
  network.train();
  while (result.steps < options.steps && worse_in_a_row < options.patience) {
    set_learning_rate(optimiser, options.learning_rate * one_cycle(result.steps, options.steps));
    optimiser.zero_grad();
    loss_of(batches.next()).backward();
    torch::nn::utils::clip_grad_norm_(network.parameters(), kClip);
    optimiser.step();
    ++result.steps;
    add_to_average(average, network, result.steps, options.memory);
    if (result.steps % between == 0 || result.steps == options.steps) {
      const Agreement held_out = evaluate_with(network, average, evaluate);
      const bool is_best = best.empty() || held_out.macro_f1 >= result.held_out.macro_f1;
      worse_in_a_row = is_best ? 0 : worse_in_a_row + 1;
      if (is_best) {
        best = clone(average);
        result.best_step = result.steps;
        result.held_out = held_out;
      }
      note = note_of(held_out);
    }
    progress.set(result.steps, note);
  }
  set_weights(network, best);
  network.eval();
  progress.finish(note_of(result.held_out));
  return result;
}

}  // namespace plkd

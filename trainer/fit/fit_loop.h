#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "shared/cli/progress.h"
#include "trainer/fit/agreement.h"
#include "trainer/torch.h"

namespace plkd {

struct FitLoopOptions {
  // 0 chooses by the number of cells: see steps_for.
  std::int64_t steps = 0;
  std::int64_t batch = 128;
  // Highest rate of the one-cycle schedule: up over the first 15 % of the steps, then down along a cosine.
  double learning_rate = 2e-3;
  double weight_decay = 1e-4;
  // The held-out cells are looked at this often; the best checkpoint wins.
  std::int64_t evaluations = 10;
  // Stops early when this many evaluations in a row were worse than the best.
  std::int64_t patience = 5;
  // Weights are averaged over about the last 1 / (1 - memory) steps, and only the average is looked at and
  // kept: it differs less from seed to seed. 0 keeps the weights of single steps.
  double memory = 0.98;
};

struct FitLoopResult {
  std::int64_t steps = 0;      // done
  std::int64_t best_step = 0;  // of the checkpoint kept
  Agreement held_out;          // at that step
};

// About `epochs` passes over the cells, but never so few steps that little is learnt nor so many that a large
// reference takes hours.
std::int64_t steps_for(std::int64_t cells, std::int64_t batch, double epochs);

// Cells in random order without repetition until all have been seen, then in a new order. The last batch of a
// round is smaller rather than filled up: a cell never meets its own copy.
class Batches {
 public:
  Batches(std::int64_t cells, std::int64_t batch, std::mt19937_64& rng);
  std::vector<std::int64_t> next();

 private:
  std::vector<std::int64_t> order_;
  std::size_t batch_;
  std::mt19937_64& rng_;
  std::size_t next_;
};

// AdamW over one cycle, gradients clipped to norm 1. Leaves the network with the averaged weights of the
// evaluation with the best macro F1, the later of equals, in evaluation mode. `options.steps` must be set.
FitLoopResult fit_loop(torch::nn::Module& network, std::int64_t cells, const FitLoopOptions& options,
                       std::mt19937_64& rng, Progress& progress,
                       const std::function<torch::Tensor(const std::vector<std::int64_t>& batch)>& loss_of,
                       const std::function<Agreement()>& evaluate);

}  // namespace plkd

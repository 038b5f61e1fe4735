#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "trainer/fit/agreement.h"
#include "trainer/fit/optimiser.h"
#include "trainer/torch.h"

namespace plkd {

class ResumeFile;

// Which weights are kept: those that did best with the held-out cells, or the last.
enum class Checkpoint { Best, Last };

// Steps are never so few that little is learnt nor so many that a large reference takes hours.
struct StepLimits {
  std::int64_t fewest = 250;  // halved below 600 cells
  std::int64_t most = 3000;
};

struct FitLoopOptions {
  // 0 chooses by the number of cells: see steps_for.
  std::int64_t steps = 0;
  std::int64_t batch = 128;
  OptimiserKind optimiser = OptimiserKind::OneCycleAdamW;
  // The highest of the schedule.
  double learning_rate = 2e-3;
  double weight_decay = 1e-4;
  // The held-out cells are looked at this often; the best checkpoint wins.
  std::int64_t evaluations = 10;
  // Stops early when this many evaluations in a row were worse than the best.
  std::int64_t patience = 5;
  // Weights are averaged over about the last 1 / (1 - memory) steps, and only the average is looked at and
  // kept: it differs less from seed to seed. 0 keeps the weights of single steps.
  double memory = 0.98;
  // The last, so that held-out cells choose nothing and can be trusted to calibrate.
  Checkpoint keep = Checkpoint::Last;
  StepLimits limits;
  // Where the fit is kept now and then, to go on from after a kill; null: nowhere. Not owned.
  ResumeFile* resume = nullptr;
};

struct FitLoopResult {
  std::int64_t steps = 0;      // done
  std::int64_t best_step = 0;  // of the checkpoint kept
  std::int64_t cells = 0;      // trained on, each as often as it was seen
  double training_s = 0;       // without the evaluations
  double processor_s = 0;      // of all threads, likewise: what other programs take of the machine is not in it
  Agreement held_out;          // at that step
};

// About `epochs` passes over the cells, within limits.
std::int64_t steps_for(std::int64_t cells, std::int64_t batch, double epochs, const StepLimits& limits = {});

// How often a network sees each class: in proportion to its cells raised to `exponent`, 1 as they are, 0 all
// alike; and no class less than `least` of a batch.
struct ClassShares {
  double exponent = 1;
  double least = 0.02;
};

class Batches {
 public:
  // Cells in random order without repetition until all have been seen, then in a new order. The last batch of
  // a round is smaller rather than filled up: a cell never meets its own copy.
  Batches(std::int64_t cells, std::int64_t batch, std::mt19937_64& rng);

  // Cells drawn with repetition, so that classes have those shares.
  Batches(const std::vector<std::int32_t>& label, const ClassShares& shares, std::int64_t batch,
          std::mt19937_64& rng);

  std::vector<std::int64_t> next();
  std::int64_t cells() const { return static_cast<std::int64_t>(order_.size()); }

  // Where the batches are, random numbers included, so that others can go on from there.
  struct Place {
    std::vector<std::int64_t> order;  // empty with repetition
    std::size_t next = 0;
    std::string rng;
  };
  Place place() const;
  void go_on(const Place& place);

 private:
  std::vector<double> cumulative_;  // [cells], of the probabilities to be drawn; empty without repetition
  std::vector<std::int64_t> order_;
  std::size_t batch_;
  std::mt19937_64& rng_;
  std::size_t next_;
};

// Leaves the network with the averaged weights of the evaluation with the best macro F1, the later of equals,
// or of the last one, in evaluation mode. Without `evaluate` it keeps the last. `options.steps` must be set. With
// `options.resume` it first goes on to where an interrupted fit was, and ends exactly as that would have.
FitLoopResult fit_loop(torch::nn::Module& network, Batches& batches, const FitLoopOptions& options,
                       Progress& progress,
                       const std::function<torch::Tensor(const std::vector<std::int64_t>& batch)>& loss_of,
                       const std::function<Agreement()>& evaluate);

}  // namespace plkd

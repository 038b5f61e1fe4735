#pragma once

#include <cstdint>
#include <memory>

#include "trainer/torch.h"

namespace plkd {

// How the weights follow the gradients.
enum class OptimiserKind {
  OneCycleAdamW,     // AdamW, rate up over the first 15 % of the steps, then down along a cosine; gradients
                     // clipped to norm 1
  OneCycleMomentum,  // plain gradients with Nesterov momentum 0.9 on the same schedule, not clipped
  PublishedTeacher,  // SGD with momentum 0.9, the rate lowered after each epoch along a cosine
  PublishedStudent,  // Adam at a constant rate
};

struct OptimiserOptions {
  OptimiserKind kind = OptimiserKind::OneCycleAdamW;
  double learning_rate = 2e-3;  // the highest
  double weight_decay = 1e-4;
  std::int64_t steps = 1;            // in all
  std::int64_t steps_per_epoch = 1;  // for rates that change by epoch
};

class Optimiser {
 public:
  Optimiser(torch::nn::Module& network, const OptimiserOptions& options);

  void zero_grad() { optimiser_->zero_grad(); }
  // Moves the weights; `done` steps came before.
  void step(std::int64_t done);

  void save(torch::serialize::OutputArchive& archive) const { optimiser_->save(archive); }
  void load(torch::serialize::InputArchive& archive) { optimiser_->load(archive); }

 private:
  double rate(std::int64_t done) const;

  torch::nn::Module& network_;
  OptimiserOptions options_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
};

}  // namespace plkd

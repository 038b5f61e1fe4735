#pragma once

#include <cstdint>

#include "trainer/torch.h"

namespace plkd {

struct LogisticRegressionOptions {
  // Weight of the labels against the size of the weights, as scikit-learn has it. Raising it fits the
  // reference closer.
  double c = 0.01;
  std::int64_t rounds = 300;
};

// Multinomial logistic regression on z-scored expression: what a Student has to beat.
struct LogisticRegression {
  torch::Tensor mean;    // [genes], of the reference
  torch::Tensor scale;   // [genes], 1 for a gene that does not vary
  torch::Tensor weight;  // [genes x classes]
  torch::Tensor bias;    // [classes]

  torch::Tensor logits(const torch::Tensor& expression) const;  // [cells x genes] -> [cells x classes]
};

// Minimises C sum_i CE_i + |W|^2 / 2 by L-BFGS; the bias is not penalised.
LogisticRegression fit_logistic_regression(const torch::Tensor& expression,  // [cells x genes]
                                           const torch::Tensor& label,       // [cells], int64
                                           std::int64_t classes,
                                           const LogisticRegressionOptions& options = {});

}  // namespace plkd

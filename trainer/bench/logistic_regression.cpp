#include "trainer/bench/logistic_regression.h"

namespace plkd {

torch::Tensor LogisticRegression::logits(const torch::Tensor& expression) const {
  return ((expression - mean) / scale).matmul(weight) + bias;
}

LogisticRegression fit_logistic_regression(const torch::Tensor& expression, const torch::Tensor& label,
                                           std::int64_t classes, const LogisticRegressionOptions& options) {
  LogisticRegression model;
  model.mean = expression.mean(0);
  model.scale = expression.std(0, false);
  model.scale = torch::where(model.scale > 0, model.scale, torch::ones_like(model.scale));
  const torch::Tensor z = (expression - model.mean) / model.scale;
  model.weight = torch::zeros({expression.size(1), classes}, expression.options()).requires_grad_();
  model.bias = torch::zeros({classes}, expression.options()).requires_grad_();

  // Divided by C and the number of cells, which moves no optimum and keeps the steps of ordinary size.
  const double penalty = 1 / (2 * options.c * static_cast<double>(expression.size(0)));
  torch::optim::LBFGS optimiser({model.weight, model.bias}, torch::optim::LBFGSOptions(1)
                                                                .max_iter(options.rounds)
                                                                .tolerance_grad(1e-7)
                                                                .tolerance_change(1e-10)
                                                                .line_search_fn("strong_wolfe"));
  optimiser.step([&] {
    optimiser.zero_grad();
    torch::Tensor loss = torch::nn::functional::cross_entropy(z.matmul(model.weight) + model.bias, label) +
                         penalty * model.weight.square().sum();
    loss.backward();
    return loss;
  });
  model.weight = model.weight.detach();
  model.bias = model.bias.detach();
  return model;
}

}  // namespace plkd

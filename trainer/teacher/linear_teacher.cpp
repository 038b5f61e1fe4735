#include "trainer/teacher/linear_teacher.h"

namespace plkd {
namespace {

// Added to the gene's own deviation: a gene that hardly varies in the reference must not shout in a query.
torch::Tensor softened_deviation(const torch::Tensor& reference) {
  const torch::Tensor deviation = reference.std(0, false);
  return (deviation.square() + deviation.median().square()).sqrt().clamp_min(1e-6);
}

}  // namespace

LinearTeacherImpl::LinearTeacherImpl(const torch::Tensor& reference, std::int64_t classes,
                                     const LinearTeacherOptions& options)
    : hide_(register_module("hide", torch::nn::Dropout(options.hidden_genes))),
      linear_(register_module("linear", torch::nn::Linear(reference.size(1), classes))) {
  const bool is_standardised = options.input == LinearInput::Standardised;
  mean_ = register_buffer("mean", is_standardised ? reference.mean(0) : torch::zeros({reference.size(1)}));
  deviation_ = register_buffer(
      "deviation", is_standardised ? softened_deviation(reference) : torch::ones({reference.size(1)}));
  const torch::NoGradGuard no_gradient;
  linear_->weight.zero_();
  linear_->bias.zero_();
}

torch::Tensor LinearTeacherImpl::forward(const torch::Tensor& expression) {
  return linear_(hide_((expression - mean_) / deviation_));
}

LinearFunction LinearTeacherImpl::function() const {
  const torch::Tensor weight = linear_->weight.detach() / deviation_;
  return {weight, linear_->bias.detach() - weight.matmul(mean_)};
}

}  // namespace plkd

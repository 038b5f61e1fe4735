#include "trainer/teacher/linear_teacher.h"

namespace plkd {
namespace {

// Added to the gene's own deviation: a gene that hardly varies in the reference must not shout in a query.
torch::Tensor softened_deviation(const torch::Tensor& reference) {
  const torch::Tensor deviation = reference.std(0, false);
  return (deviation.square() + deviation.median().square()).sqrt().clamp_min(1e-6);
}

}  // namespace

LinearTeacherImpl::LinearTeacherImpl(const torch::Tensor& reference, const FeatureBlock& sees, std::int64_t classes,
                                     const LinearTeacherOptions& options)
    : sees_(sees),
      features_(reference.size(1)),
      hide_(register_module("hide", torch::nn::Dropout(options.hidden_genes))),
      linear_(register_module("linear", torch::nn::Linear(sees.size(), classes))) {
  const torch::Tensor seen = reference.slice(1, sees.first, sees.end);
  const bool is_standardised = options.input == LinearInput::Standardised;
  mean_ = register_buffer("mean", is_standardised ? seen.mean(0) : torch::zeros({sees.size()}));
  deviation_ = register_buffer("deviation", is_standardised ? softened_deviation(seen) : torch::ones({sees.size()}));
  const torch::NoGradGuard no_gradient;
  linear_->weight.zero_();
  linear_->bias.zero_();
}

torch::Tensor LinearTeacherImpl::forward(const torch::Tensor& expression) {
  return linear_(hide_((expression.slice(1, sees_.first, sees_.end) - mean_) / deviation_));
}

LinearFunction LinearTeacherImpl::function() const {
  const torch::Tensor weight = linear_->weight.detach() / deviation_;
  const torch::Tensor bias = linear_->bias.detach() - weight.matmul(mean_);
  if (sees_.size() == features_) return {weight, bias};
  torch::Tensor of_all = torch::zeros({weight.size(0), features_}, weight.options());
  of_all.slice(1, sees_.first, sees_.end).copy_(weight);
  of_all.select(1, sees_.end).copy_(bias);
  return {of_all, torch::zeros_like(bias)};
}

}  // namespace plkd

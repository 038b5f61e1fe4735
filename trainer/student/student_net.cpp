#include "trainer/student/student_net.h"

#include <cmath>
#include <cstddef>
#include <string>

namespace plkd {

StudentNetImpl::StudentNetImpl(std::int64_t genes, std::int64_t classes, const StudentNetOptions& options)
    : dropout_(register_module("dropout", torch::nn::Dropout(options.dropout))),
      head_(register_module("head", torch::nn::Linear(options.widths.back(), classes))) {
  std::int64_t in = genes;
  for (const std::int64_t width : options.widths) {
    const std::string number = std::to_string(hidden_.size());
    hidden_.push_back(register_module("hidden" + number, torch::nn::Linear(in, width)));
    if (options.norm == HiddenNorm::Layer) {
      norm_.push_back(register_module(
          "norm" + number, torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-5))));
    }
    in = width;
  }
  if (options.patterns > 0) {
    patterns_ = register_module("patterns", torch::nn::Linear(options.widths.back(), options.patterns));
  }
  if (options.direct.weight.defined()) {
    direct_ = {register_buffer("direct_weight", options.direct.weight.clone()),
               register_buffer("direct_bias", options.direct.bias.clone())};
  }
  // A cell expresses few genes strongly: N(0, 1/G) starts every gene small and lets the informative ones
  // grow.
  const torch::NoGradGuard no_gradient;
  hidden_.front()->weight.normal_(0, 1.0 / std::sqrt(static_cast<double>(genes)));
}

StudentNetOutput StudentNetImpl::forward(const torch::Tensor& expression) {
  torch::Tensor x = expression;
  for (std::size_t i = 0; i < hidden_.size(); ++i) {
    x = hidden_[i](x);
    if (!norm_.empty()) x = norm_[i](x);
    x = dropout_(torch::gelu(x));
  }
  torch::Tensor logits = head_(x);
  if (direct_.weight.defined()) logits = logits + torch::linear(expression, direct_.weight, direct_.bias);
  return {logits, x, patterns_ ? patterns_(x) : torch::Tensor()};
}

void StudentNetImpl::add_to_logits(const torch::Tensor& offset) {
  const torch::NoGradGuard no_gradient;
  head_->bias += offset;
}

}  // namespace plkd

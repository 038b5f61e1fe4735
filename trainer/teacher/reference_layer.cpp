#include "trainer/teacher/reference_layer.h"

#include <cmath>

namespace plkd {
namespace {

torch::Tensor mask_of(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t embed) {
  torch::Tensor mask = torch::zeros({static_cast<std::int64_t>(patterns.size()) + 1, genes});
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    float* row = mask.data_ptr<float>() + static_cast<std::int64_t>(p) * genes;
    for (const std::int32_t gene : patterns[p].genes) row[gene] = 1;
  }
  mask[-1].fill_(1);  // the free token
  return mask.repeat_interleave(embed, 0);
}

}  // namespace

ReferenceLayerImpl::ReferenceLayerImpl(const std::vector<Pattern>& patterns, std::int64_t genes,
                                       std::int64_t embed)
    : tokens_(static_cast<std::int64_t>(patterns.size()) + 1) {
  const double bound = 1 / std::sqrt(static_cast<double>(genes));
  mask_ = register_buffer("mask", mask_of(patterns, genes, embed));
  weight_ =
      register_parameter("weight", torch::empty({tokens_ * embed, genes}).uniform_(-bound, bound) * mask_);
  bias_ = register_parameter("bias", torch::empty({tokens_ * embed}).uniform_(-bound, bound));
}

torch::Tensor ReferenceLayerImpl::gene_weight() const {
  const std::int64_t patterns = tokens_ - 1, genes = weight_.size(1);
  const auto of_patterns = [&](const torch::Tensor& tensor) {
    return tensor.detach().abs().view({tokens_, -1, genes}).amax(1).narrow(0, 0, patterns);
  };
  return of_patterns(weight_).masked_select(of_patterns(mask_) > 0);
}

torch::Tensor ReferenceLayerImpl::forward(const torch::Tensor& expression) {
  const torch::Tensor products = torch::nn::functional::linear(expression, weight_ * mask_, bias_);
  return products.view({expression.size(0), -1, tokens_}).transpose(1, 2).contiguous();
}

}  // namespace plkd

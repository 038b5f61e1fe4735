#pragma once

#include <cstdint>
#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/teacher/token_layer.h"

namespace plkd {

// Turns a cell into one token per pattern, each made of that pattern's genes alone, and one free token made
// of all:
//   token_p = sum over genes g of pattern p of x_g W_(g,p) + b_p
// Only the (gene, pattern) pairs have weights, about 1 % of a masked dense matrix. Patterns of similar size
// are padded to one width and multiplied together.
class PatternLayerImpl : public TokenLayerImpl {
 public:
  PatternLayerImpl(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t embed);

  torch::Tensor forward(const torch::Tensor& expression) override;

  torch::Tensor gene_weight() const override { return weight_.detach().abs().amax(1); }

  const torch::Tensor& weight() const { return weight_; }  // [pairs x embed], pairs by pattern, then gene
  const torch::Tensor& bias() const { return bias_; }      // [patterns x embed]

 private:
  struct Bucket {
    torch::Tensor gene;  // [patterns x width], int64; padding points at gene 0
    torch::Tensor pair;  // [patterns x width], int64; padding points past the last pair, at a weight of zero
  };

  torch::Tensor weight_;
  torch::Tensor bias_;
  std::vector<Bucket> buckets_;  // largest patterns first
  torch::Tensor place_;          // [patterns], where the buckets' output holds each pattern
  torch::nn::Linear free_;
};
TORCH_MODULE(PatternLayer);

}  // namespace plkd

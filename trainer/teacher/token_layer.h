#pragma once

#include "trainer/torch.h"

namespace plkd {

// Turns cells into tokens: one for each pattern, in their order, and a free one last.
class TokenLayerImpl : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(
      const torch::Tensor& expression) = 0;  // [cells x genes] -> [cells x (patterns + 1) x embed]

  // How much a token listens to each gene of its pattern: the largest absolute weight.
  virtual torch::Tensor gene_weight() const = 0;  // [pairs], by pattern, then gene
};

}  // namespace plkd

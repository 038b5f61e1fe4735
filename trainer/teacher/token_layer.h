#pragma once

#include "trainer/torch.h"

namespace plkd {

// Turns cells into tokens: one for each pattern, in their order, and a free one last.
class TokenLayerImpl : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(
      const torch::Tensor& expression) = 0;  // [cells x genes] -> [cells x (patterns + 1) x embed]
};

}  // namespace plkd

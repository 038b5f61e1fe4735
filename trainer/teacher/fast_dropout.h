#pragma once

#include "trainer/torch.h"

namespace plkd {

// Dropout, at half of LibTorch's time on a CPU: eight decisions from each 64-bit random number. So the share
// of zeros is a multiple of 1/256, the nearest to the one wanted.
class FastDropoutImpl : public torch::nn::Module {
 public:
  explicit FastDropoutImpl(double share);  // of zeros, below 1

  torch::Tensor forward(const torch::Tensor& input);
  bool is_active() const { return is_training() && zeros_ > 0; }

  // Its decisions, for a layer that takes them itself: a random byte for each entry, which becomes zero when the byte
  // is below zeros() and else grows by 256 / (256 - zeros()).
  torch::Tensor draw(at::IntArrayRef shape, const torch::TensorOptions& options) const;  // uint8
  int zeros() const { return zeros_; }

 private:
  int zeros_;  // of 256
};
TORCH_MODULE(FastDropout);

}  // namespace plkd

#include "trainer/teacher/fast_dropout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace plkd {

FastDropoutImpl::FastDropoutImpl(double share)
    : zeros_(std::min(255, static_cast<int>(std::lround(256 * share)))) {}

torch::Tensor FastDropoutImpl::draw(at::IntArrayRef shape, const torch::TensorOptions& options) const {
  const std::int64_t size = c10::multiply_integers(shape);
  // Every bit of every number is random: from the lowest to the highest.
  const torch::Tensor numbers =
      torch::empty({(size + 7) / 8}, options.dtype(torch::kLong))
          .random_(std::numeric_limits<std::int64_t>::lowest(), c10::optional<std::int64_t>());
  return numbers.view(torch::kUInt8).narrow(0, 0, size).view(shape);
}

torch::Tensor FastDropoutImpl::forward(const torch::Tensor& input) {
  if (!is_active()) return input;
  const torch::Tensor bytes = draw(input.sizes(), input.options());
  return input * (bytes >= zeros_).to(input.dtype()).mul_(256.0 / (256 - zeros_));
}

}  // namespace plkd

#include "trainer/teacher/fast_dropout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace plkd {

FastDropoutImpl::FastDropoutImpl(double share)
    : zeros_(std::min(255, static_cast<int>(std::lround(256 * share)))) {}

torch::Tensor FastDropoutImpl::forward(const torch::Tensor& input) {
  if (!is_active()) return input;
  const std::int64_t size = input.numel();
  // Every bit of every number is random: from the lowest to the highest.
  const torch::Tensor numbers =
      torch::empty({(size + 7) / 8}, input.options().dtype(torch::kLong))
          .random_(std::numeric_limits<std::int64_t>::lowest(), c10::optional<std::int64_t>());
  const torch::Tensor bytes = numbers.view(torch::kUInt8).narrow(0, 0, size).view(input.sizes());
  return input * (bytes >= zeros_).to(input.dtype()).mul_(256.0 / (256 - zeros_));
}

}  // namespace plkd

#include "shared/student/kernel.h"

#include <cstddef>

namespace plkd {

extern const Kernel kernel_4_lanes;

#ifdef PLKD_WIDE_KERNELS

extern const Kernel kernel_8_lanes;

std::span<const Kernel* const> kernels() {
  static constexpr const Kernel* all[] = {&kernel_4_lanes, &kernel_8_lanes};
  return {all, __builtin_cpu_supports("avx2") ? std::size_t{2} : std::size_t{1}};
}

#else

std::span<const Kernel* const> kernels() {
  static constexpr const Kernel* all[] = {&kernel_4_lanes};
  return all;
}

#endif

const Kernel& best_kernel() { return *kernels().back(); }

}  // namespace plkd

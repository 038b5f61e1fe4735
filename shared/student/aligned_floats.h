#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace plkd {

// Begins where a line of the cache begins.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  CacheLineAllocator() = default;
  template <class Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) {}

  T* allocate(std::size_t size) { return static_cast<T*>(::operator new(size * sizeof(T), kLine)); }
  void deallocate(T* at, std::size_t) { ::operator delete(at, kLine); }

  bool operator==(const CacheLineAllocator&) const { return true; }
};

// What the kernels read and write over and over: no register's worth of it lies across two lines of the cache, which would cost
// twice. malloc gives multiples of 16 bytes, and of 8 in WebAssembly.
class AlignedFloats : public std::vector<float, CacheLineAllocator<float>> {
 public:
  using vector::vector;
  AlignedFloats(const std::vector<float>& values) : vector(values.begin(), values.end()) {}
};

}  // namespace plkd

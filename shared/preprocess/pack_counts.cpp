#include "shared/preprocess/pack_counts.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace plkd {
namespace {

constexpr std::uint32_t kHalf = 16;  // bits
constexpr std::int64_t kHalfValues = std::int64_t{1} << kHalf;

bool fits_half(float count) { return count < static_cast<float>(kHalfValues) && std::floor(count) == count; }

std::uint32_t bits_of(float count) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &count, sizeof bits);  // emscripten's library has no std::bit_cast
  return bits;
}

}  // namespace

PackedCounts pack(const CountMatrix& counts) {
  PackedCounts packed;
  const bool is_narrow =
      counts.genes <= kHalfValues && std::all_of(counts.count.begin(), counts.count.end(), fits_half);
  packed.words_per_entry = is_narrow ? 1 : 2;
  packed.words.reserve(counts.gene.size() * static_cast<std::size_t>(packed.words_per_entry));
  for (std::size_t entry = 0; entry < counts.gene.size(); ++entry) {
    const auto gene = static_cast<std::uint32_t>(counts.gene[entry]);
    const float count = counts.count[entry];
    if (is_narrow) {
      packed.words.push_back(gene | static_cast<std::uint32_t>(count) << kHalf);
    } else {
      packed.words.push_back(gene);
      packed.words.push_back(bits_of(count));
    }
  }
  return packed;
}

}  // namespace plkd

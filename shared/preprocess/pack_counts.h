#pragma once

#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

// Counts in as few bytes as they need on their way to another processor.
struct PackedCounts {
  // 1: gene in the low 16 bits, count in the high ones. 2: gene, then the bits of the count as a float.
  std::int32_t words_per_entry = 1;
  std::vector<std::uint32_t> words;  // [entries x words_per_entry], in the order of the matrix
};

// One word an entry where all counts are whole numbers below 65,536 and there are no more genes than that, else two.
PackedCounts pack(const CountMatrix& counts);

}  // namespace plkd

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shared/counts/count_matrix.h"

namespace plkd {

// Some neighbouring entries of one cell.
struct RowEntries {
  std::span<const std::int32_t> gene;
  std::span<const float> count;
};

// A cell's entries of genes [first, end).
inline RowEntries entries_of(const CountMatrix& counts, std::int64_t cell, std::int64_t first, std::int64_t end) {
  const auto row = static_cast<std::size_t>(cell);
  const std::int32_t* const gene = counts.gene.data();
  const std::int32_t* const last = gene + counts.row_begin[row + 1];
  const std::int32_t* const from = std::lower_bound(gene + counts.row_begin[row], last, static_cast<std::int32_t>(first));
  const std::int32_t* const to = std::lower_bound(from, last, static_cast<std::int32_t>(end));
  const float* const count = counts.count.data();
  return {{from, to}, {count + (from - gene), count + (to - gene)}};
}

}  // namespace plkd

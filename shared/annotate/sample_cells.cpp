#include "shared/annotate/sample_cells.h"

#include <algorithm>

namespace plkd {

namespace {

constexpr std::int64_t kLongest = 512;
constexpr std::int64_t kBlock = 64;  // cells read together when not all are

}  // namespace

std::vector<CellRange> sample_cells(const std::vector<std::int32_t>& batch, std::int64_t cells,
                                    std::int64_t most) {
  const auto batch_of = [&](std::int64_t cell) {
    return batch.empty() ? 0 : batch[static_cast<std::size_t>(cell)];
  };
  std::int32_t last = 0;
  for (const std::int32_t of_cell : batch) last = std::max(last, of_cell);
  std::vector<std::int64_t> total(static_cast<std::size_t>(last) + 1), rank(total.size());
  for (std::int64_t cell = 0; cell < cells; ++cell)
    if (batch_of(cell) >= 0) ++total[static_cast<std::size_t>(batch_of(cell))];

  std::vector<CellRange> ranges;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    if (batch_of(cell) < 0) continue;
    const auto at = static_cast<std::size_t>(batch_of(cell));
    const std::int64_t stride = (total[at] + most - 1) / most;
    if (rank[at]++ / kBlock % stride != 0) continue;
    if (!ranges.empty() && ranges.back().end == cell && cell - ranges.back().first < kLongest)
      ranges.back().end = cell + 1;
    else
      ranges.push_back({cell, cell + 1});
  }
  return ranges;
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

namespace plkd {

struct CellRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

// About `most` cells of each batch, all where there are no more, in blocks spread evenly over the file and
// read one after another; ranges are at most 512 cells long. `batch` [cells] has each cell's batch, -1 for
// cells of none; empty when all are of one.
std::vector<CellRange> sample_cells(const std::vector<std::int32_t>& batch, std::int64_t cells,
                                    std::int64_t most);

}  // namespace plkd

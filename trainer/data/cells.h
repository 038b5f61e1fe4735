#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

// Labelled cells of a reference.
struct Cells {
  CountMatrix counts;               // [cells x genes]
  std::vector<double> library;      // [cells], over all genes of the cell's source
  std::vector<std::int32_t> label;  // [cells], class

  std::int64_t size() const { return counts.cells(); }
};

// Only the chosen cells, in the order given.
Cells select(const Cells& cells, const std::vector<std::int64_t>& chosen);

inline std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace plkd

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

// Appends cells to a matrix from entries in any order: sorts a cell's genes, sums entries of the same gene (files
// written by merging parts have them) and drops zeros.
class RowBuilder {
 public:
  explicit RowBuilder(CountMatrix& matrix) : matrix_(matrix) {}

  void append(std::span<const std::int32_t> gene, std::span<const float> count);

 private:
  void append_unsorted(std::span<const std::int32_t> gene, std::span<const float> count);
  void add(std::int32_t gene, float count);

  CountMatrix& matrix_;
  std::vector<std::size_t> order_;
};

}  // namespace plkd

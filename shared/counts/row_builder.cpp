#include "shared/counts/row_builder.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace plkd {

void RowBuilder::append(std::span<const std::int32_t> gene, std::span<const float> count) {
  if (std::adjacent_find(gene.begin(), gene.end(), std::greater_equal<>()) != gene.end()) return append_unsorted(gene, count);
  if (std::find(count.begin(), count.end(), 0.0f) == count.end()) {
    matrix_.gene.insert(matrix_.gene.end(), gene.begin(), gene.end());
    matrix_.count.insert(matrix_.count.end(), count.begin(), count.end());
  } else {
    for (std::size_t k = 0; k < gene.size(); ++k) add(gene[k], count[k]);
  }
  matrix_.row_begin.push_back(matrix_.entries());
}

void RowBuilder::append_unsorted(std::span<const std::int32_t> gene, std::span<const float> count) {
  order_.resize(gene.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  // Stable, so that sums of floats do not depend on the sort.
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return gene[a] < gene[b]; });
  for (std::size_t k = 0; k < order_.size();) {
    const std::int32_t here = gene[order_[k]];
    float sum = 0;
    for (; k < order_.size() && gene[order_[k]] == here; ++k) sum += count[order_[k]];
    add(here, sum);
  }
  matrix_.row_begin.push_back(matrix_.entries());
}

void RowBuilder::add(std::int32_t gene, float count) {
  if (count == 0) return;
  matrix_.gene.push_back(gene);
  matrix_.count.push_back(count);
}

}  // namespace plkd

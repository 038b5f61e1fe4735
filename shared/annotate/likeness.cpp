#include "shared/annotate/likeness.h"

#include "shared/student/kernel.h"

#include <algorithm>
#include <cmath>

namespace plkd {

Likeness::Likeness(const Model& model) : classes_(model.classes.size()), profile_(model.class_means.size()) {
  const auto genes = static_cast<std::size_t>(model.genes.size());
  const double per_mean = static_cast<double>(model.recipe.target_sum) / 1e4;  // means are per 10,000
  for (std::size_t type = 0; type < classes_; ++type) {
    double squares = 0;
    for (std::size_t gene = 0; gene < genes; ++gene) {
      const double value = std::log1p(per_mean * static_cast<double>(model.class_means[type * genes + gene]));
      profile_[gene * classes_ + type] = static_cast<float>(value);
      squares += value * value;
    }
    const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (std::size_t gene = 0; gene < genes; ++gene) profile_[gene * classes_ + type] *= scale;
  }
}

std::vector<float> Likeness::of(const CountMatrix& expression) const {
  const Weights profile{static_cast<std::int64_t>(profile_.size() / classes_), static_cast<std::int64_t>(classes_), profile_.data(), nullptr};
  std::vector<float> likeness;
  for (std::int64_t first = 0; first < expression.cells(); first += kCellsTogether) {
    const std::int64_t together = std::min(kCellsTogether, expression.cells() - first);
    const std::int64_t* const row_begin = expression.row_begin.data() + first;
    std::vector<float> product(static_cast<std::size_t>(together) * classes_);  // [cells x classes]
    best_kernel().add_expressed(profile, {together, row_begin, expression.gene.data(), expression.count.data()}, product.data());
    for (std::int64_t cell = 0; cell < together; ++cell) {
      float squares = 0;
      for (std::int64_t entry = row_begin[cell]; entry < row_begin[cell + 1]; ++entry) {
        const float value = expression.count[static_cast<std::size_t>(entry)];
        squares += value * value;
      }
      const float* const of_types = product.data() + static_cast<std::size_t>(cell) * classes_;
      const float largest = *std::max_element(of_types, of_types + classes_);
      likeness.push_back(squares > 0 ? largest / std::sqrt(squares) : 0);
    }
  }
  return likeness;
}

}  // namespace plkd

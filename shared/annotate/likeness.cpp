#include "shared/annotate/likeness.h"

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
  std::vector<float> likeness;
  std::vector<float> product(classes_);
  for (std::size_t cell = 0; cell + 1 < expression.row_begin.size(); ++cell) {
    std::fill(product.begin(), product.end(), 0.0F);
    float squares = 0;
    for (auto entry = static_cast<std::size_t>(expression.row_begin[cell]);
         entry < static_cast<std::size_t>(expression.row_begin[cell + 1]); ++entry) {
      const float value = expression.count[entry];
      const float* of_gene = profile_.data() + static_cast<std::size_t>(expression.gene[entry]) * classes_;
      for (std::size_t type = 0; type < classes_; ++type) product[type] += value * of_gene[type];
      squares += value * value;
    }
    const float largest = *std::max_element(product.begin(), product.end());
    likeness.push_back(squares > 0 ? largest / std::sqrt(squares) : 0);
  }
  return likeness;
}

}  // namespace plkd

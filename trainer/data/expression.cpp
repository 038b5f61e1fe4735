#include "trainer/data/expression.h"

#include "shared/preprocess/log_normalise.h"

namespace plkd {

torch::Tensor dense_expression(const Cells& cells, const PreprocessRecipe& recipe) {
  CountMatrix expression = cells.counts;
  log_normalise(expression, cells.library, recipe);
  torch::Tensor dense = torch::zeros({expression.cells(), expression.genes});
  float* row = dense.data_ptr<float>();
  for (std::int64_t cell = 0; cell < expression.cells(); ++cell, row += expression.genes) {
    for (std::int64_t i = expression.row_begin[at(cell)]; i < expression.row_begin[at(cell) + 1]; ++i) {
      row[expression.gene[at(i)]] = expression.count[at(i)];
    }
  }
  return dense;
}

torch::Tensor label_tensor(const Cells& cells) {
  return torch::tensor(std::vector<std::int64_t>(cells.label.begin(), cells.label.end()), torch::kLong);
}

}  // namespace plkd

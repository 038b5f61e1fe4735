#include "trainer/fit/training_part.h"

#include <cmath>

#include "shared/preprocess/log_normalise.h"
#include "trainer/data/expression.h"

namespace plkd {

torch::Tensor TrainingPart::input(const Cells& cells) const {
  return (dense_expression(cells, recipe) * input_scale).to(device);
}

torch::Tensor TrainingPart::labels(const Cells& cells) const { return label_tensor(cells).to(device); }

torch::Tensor TrainingPart::batches(const std::vector<std::int64_t>& training_cells) const {
  std::vector<std::int64_t> batch;
  for (const std::int64_t cell : training_cells) batch.push_back(train_batch[at(cell)]);
  return torch::tensor(batch, torch::kLong).to(device);
}

TrainingPart with_all_cells(const TrainingPart& part) {
  TrainingPart all = part;
  all.train = join(part.train, part.held_out);
  all.train_batch.insert(all.train_batch.end(), part.held_out_batch.begin(), part.held_out_batch.end());
  all.held_out = subset(part.held_out, {});
  all.held_out_batch.clear();
  return all;
}

double input_scale_of(const StoredCells& train, const PreprocessRecipe& recipe) {
  constexpr double kSquaredNorm = 900;
  double squares = 0;
  for_each_slice(train, [&](const Cells& slice) {
    CountMatrix expression = slice.counts;
    log_normalise(expression, slice.library, recipe);
    for (const float value : expression.count) squares += static_cast<double>(value) * value;
  });
  return squares > 0 ? std::sqrt(kSquaredNorm * static_cast<double>(train.size()) / squares) : 1;
}

}  // namespace plkd

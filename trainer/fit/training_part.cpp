#include "trainer/fit/training_part.h"

#include <algorithm>
#include <cmath>

#include "shared/preprocess/log_normalise.h"
#include "trainer/data/expression.h"
#include "trainer/data/modalities.h"

namespace plkd {

torch::Tensor TrainingPart::input(const Cells& cells) const {
  return (dense_expression(cells, recipe) * torch::tensor(input_scale)).to(device);
}

torch::Tensor TrainingPart::labels(const Cells& cells) const { return label_tensor(cells).to(device); }

torch::Tensor TrainingPart::groups(const std::vector<std::int64_t>& training_cells, const Cells& seen) const {
  const std::vector<std::int64_t> measured = measured_in(seen, recipe.blocks);
  std::vector<std::int64_t> group;
  for (std::size_t i = 0; i < training_cells.size(); ++i)
    group.push_back((std::int64_t{train_batch[at(training_cells[i])]} << recipe.blocks.size()) + measured[i]);
  return torch::tensor(group, torch::kLong).to(device);
}

TrainingPart with_all_cells(const TrainingPart& part) {
  TrainingPart all = part;
  all.train = join(part.train, part.held_out);
  all.train_batch.insert(all.train_batch.end(), part.held_out_batch.begin(), part.held_out_batch.end());
  all.held_out = subset(part.held_out, {});
  all.held_out_batch.clear();
  return all;
}

std::vector<float> input_scale_of(const StoredCells& train, const PreprocessRecipe& recipe) {
  constexpr double kSquaredNorm = 900;
  const std::vector<FeatureBlock> blocks = blocks_over(recipe.blocks, train.genes());
  std::vector<std::size_t> block_of(at(blocks.back().end) + 1, blocks.size());  // flags are of none
  for (std::size_t block = 0; block < blocks.size(); ++block)
    std::fill(block_of.begin() + blocks[block].first, block_of.begin() + blocks[block].end, block);
  std::vector<double> squares(blocks.size() + 1);
  for_each_slice(train, [&](const Cells& slice) {
    CountMatrix expression = slice.counts;
    log_normalise(expression, slice.library, recipe);
    for (std::size_t i = 0; i < expression.count.size(); ++i) {
      const double value = static_cast<double>(expression.count[i]);
      squares[block_of[at(expression.gene[i])]] += value * value;
    }
  });
  std::vector<float> scales;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const double cells = static_cast<double>(train.size());
    const double scale = squares[block] > 0 ? std::sqrt(kSquaredNorm * cells / squares[block]) : 1;
    if (recipe.blocks.empty()) return {static_cast<float>(scale)};
    scales.insert(scales.end(), at(blocks[block].size()), static_cast<float>(scale));
    scales.push_back(1);  // the flag
  }
  return scales;
}

}  // namespace plkd

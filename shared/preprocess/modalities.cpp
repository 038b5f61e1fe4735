#include "shared/preprocess/modalities.h"

#include <algorithm>
#include <cstddef>

namespace plkd {

std::vector<FeatureBlock> blocks_over(const std::vector<FeatureBlock>& blocks, std::int64_t features) {
  return blocks.empty() ? std::vector<FeatureBlock>{{Modality::Rna, 0, features}} : blocks;
}

std::vector<std::vector<Modality>> choices_of(const std::vector<Modality>& modalities) {
  std::vector<std::vector<Modality>> choices;
  for (std::size_t choice = 1; choice < std::size_t{1} << modalities.size(); ++choice) {
    choices.emplace_back();
    for (std::size_t k = 0; k < modalities.size(); ++k)
      if ((choice >> k & 1) != 0) choices.back().push_back(modalities[k]);
  }
  return choices;
}

CountMatrix only_modalities(const CountMatrix& cells, const std::vector<FeatureBlock>& blocks,
                            const std::vector<Modality>& kept) {
  std::vector<char> is_kept(static_cast<std::size_t>(cells.genes));
  for (const FeatureBlock& block : blocks) {
    if (std::find(kept.begin(), kept.end(), block.modality) != kept.end())
      std::fill(is_kept.data() + block.first, is_kept.data() + block.end + 1, 1);
  }
  CountMatrix left;
  left.genes = cells.genes;
  for (std::size_t cell = 0; cell + 1 < cells.row_begin.size(); ++cell) {
    for (auto i = static_cast<std::size_t>(cells.row_begin[cell]); i < static_cast<std::size_t>(cells.row_begin[cell + 1]); ++i) {
      if (!is_kept[static_cast<std::size_t>(cells.gene[i])]) continue;
      left.gene.push_back(cells.gene[i]);
      left.count.push_back(cells.count[i]);
    }
    left.row_begin.push_back(left.entries());
  }
  return left;
}

}  // namespace plkd

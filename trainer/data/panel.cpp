#include "trainer/data/panel.h"

#include <algorithm>
#include <vector>

#include "shared/preprocess/complete_panel.h"
#include "trainer/data/modalities.h"

namespace plkd {

Cells as_panel(const Cells& cells, const PreprocessRecipe& recipe, double share, std::mt19937_64& rng) {
  const std::int64_t end_of_library = end_of_rna(recipe.blocks, cells.counts.genes);
  std::bernoulli_distribution draw(share);
  std::vector<char> is_measured;
  for (std::int64_t gene = 0; gene < cells.counts.genes; ++gene) is_measured.push_back(draw(rng));
  Cells panel;
  panel.counts.genes = cells.counts.genes;
  panel.label = cells.label;
  for (std::size_t cell = 0; cell < cells.label.size(); ++cell) {
    double before = 0, after = 0;
    for (std::size_t i = at(cells.counts.row_begin[cell]); i < at(cells.counts.row_begin[cell + 1]); ++i) {
      const float count = cells.counts.count[i];
      const bool is_of_library = cells.counts.gene[i] < end_of_library;
      if (is_of_library) before += count;
      if (!is_measured[at(cells.counts.gene[i])]) continue;
      if (is_of_library) after += count;
      panel.counts.gene.push_back(cells.counts.gene[i]);
      panel.counts.count.push_back(count);
    }
    panel.counts.row_begin.push_back(panel.counts.entries());
    panel.library.push_back(std::max(0.0, cells.library[cell] - before) * share + after);
  }
  std::vector<std::int32_t> missing;
  if (const FeatureBlock* const proteins = block_of(recipe, Modality::Protein))
    for (std::int64_t protein = proteins->first; protein < proteins->end; ++protein)
      if (!is_measured[at(protein)]) missing.push_back(static_cast<std::int32_t>(protein));
  complete_panel(panel.counts, {recipe, missing});
  return panel;
}

}  // namespace plkd

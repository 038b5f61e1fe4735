#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/preprocess/recipe.h"
#include "trainer/data/cells.h"

namespace plkd {

// What another laboratory does to the same cells: shallower sequencing, genes its annotation lacks, genes its
// chemistry catches better or worse. Teacher and Student learn from cells corrupted so, afresh in every
// batch.
struct CorruptionOptions {
  // Share of cells sequenced more shallowly, each at a rate drawn log-uniformly between `min_rate` and 1.
  double thinned_share = 0.5;
  double min_rate = 0.2;
  // A pseudo-batch lacks a share of the genes drawn from U(0, max_masked).
  double max_masked = 0.4;
  // So many pseudo-batches have another panel of antibodies, which lacks a share drawn from U(0, max_missing_proteins) and is completed as a
  // query's would be (complete_panel.h). A panel by itself has nothing to fall back on, and lacks none: see tests/bench/modalities.
  double other_panels = 0.25;
  double max_missing_proteins = 0.8;
  // Standard deviation of the logarithm of each gene's factor in a pseudo-batch. Raising it trusts single
  // genes less.
  double gene_spread = 0.3;
  // Cells that are corrupted together share one mask and one set of factors.
  std::int64_t pseudo_batches = 4;
  // Of cells with several modalities so many lose one of them. Lowering it makes for worse labels of another study's files that lack
  // one, and hardly better ones of files that have all: see tests/bench/modalities.
  double modality_dropout = 0.9;
};

// The cells with counts as such a laboratory would have seen them, and libraries to match. `recipe`: of which modalities they have.
Cells corrupt(const Cells& cells, const PreprocessRecipe& recipe, const CorruptionOptions& options, std::mt19937_64& rng);

}  // namespace plkd

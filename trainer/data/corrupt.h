#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/genes/modality.h"
#include "trainer/data/cells.h"

namespace plkd {

// What another laboratory does to the same cells: shallower sequencing, genes its annotation lacks, genes its
// chemistry catches better or worse. Teacher and Student learn from cells corrupted so, afresh in every
// batch.
struct CorruptionOptions {
  // Share of cells sequenced more shallowly, each at a rate drawn log-uniformly between `min_rate` and 1.
  double thinned_share = 0.5;
  double min_rate = 0.2;
  // A pseudo-batch lacks a share of the genes drawn from U(0, max_masked). No antibody of a panel is missing or varies: with
  // those of the bone marrow treated as genes macro F1 was 0.802, without 0.856 (fold 0).
  double max_masked = 0.4;
  // Standard deviation of the logarithm of each gene's factor in a pseudo-batch. Raising it trusts single
  // genes less.
  double gene_spread = 0.3;
  // Cells that are corrupted together share one mask and one set of factors.
  std::int64_t pseudo_batches = 4;
  // Of cells with several modalities so many lose one of them. Lowering it makes for worse labels of another study's files that lack
  // one, and hardly better ones of files that have all: see tests/bench/modalities.
  double modality_dropout = 0.9;
};

// The cells with counts as such a laboratory would have seen them, and libraries to match. `blocks`: their modalities, none for RNA alone.
Cells corrupt(const Cells& cells, const std::vector<FeatureBlock>& blocks, const CorruptionOptions& options, std::mt19937_64& rng);

}  // namespace plkd

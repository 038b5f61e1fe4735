#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/genes/modality.h"
#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"
#include "shared/preprocess/modalities.h"
#include "trainer/data/cells.h"

namespace plkd {

// Cells of several modalities have all their features in one matrix, one block after the other with its flag behind, as the model's recipe
// will have them. Without blocks all features are genes.

// Features before this one count in the library. RNA comes first.
std::int64_t end_of_rna(const std::vector<FeatureBlock>& blocks, std::int64_t features);

// Proteins and nothing else.
bool is_panel_alone(const std::vector<FeatureBlock>& blocks);

std::vector<std::int32_t> features_in(const FeatureBlock& block);

// Counts or expression over the chosen features (ascending), which are numbered anew.
CountMatrix select_features(const CountMatrix& counts, const std::vector<std::int32_t>& chosen);

// The blocks that are left of them when only the chosen features stay, flags among them.
std::vector<FeatureBlock> blocks_of_chosen(const std::vector<FeatureBlock>& blocks, const std::vector<std::int32_t>& chosen);

// The same cells as if only these modalities had been measured, all when there are none to keep.
Cells only_modalities(const Cells& cells, const std::vector<FeatureBlock>& blocks, const std::vector<Modality>& kept);

// The cells with one modality, whichever, taken from each with this probability, so that a network learns to do without it. A cell of one
// modality keeps it.
void drop_modalities(Cells& cells, const std::vector<FeatureBlock>& blocks, double probability, std::mt19937_64& rng);

// Which modalities each cell has anything of, a bit for each in their order; 0 for cells of genes alone.
std::vector<std::int64_t> measured_in(const Cells& cells, const std::vector<FeatureBlock>& blocks);

// All choices of some of the modalities, but for none and for all.
std::vector<std::vector<Modality>> proper_subsets(const std::vector<FeatureBlock>& blocks);

// Tokens of the modalities beside RNA: for each pattern of genes the features of these genes, where there are any ("NAME: proteins"), and one
// of all features of the modality. `features` is the whole vocabulary.
std::vector<Pattern> patterns_of_others(const std::vector<Pattern>& of_genes, const GeneVocabulary& features, const std::vector<FeatureBlock>& blocks);

}  // namespace plkd

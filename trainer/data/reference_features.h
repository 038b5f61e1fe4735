#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/annotate/other_modality.h"
#include "shared/counts/counts_reader.h"
#include "shared/genes/modality.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// What a file has to learn from: block after block with a flag behind each, as the model's recipe will have them.
struct ReferenceFeatures {
  GeneVocabulary names;
  std::vector<FeatureBlock> blocks;  // none for genes alone
};

struct WantedFeatures {
  std::map<Modality, std::string> modalities;  // each with its place in the file, empty for wherever it is found
  bool without_genes = false;
  // Table of where genes are (see gene_windows.h): before its peaks chromatin has a feature for each of the genes.
  std::string gene_places;
};

// The file's genes, and what is wanted beside them; of a file without genes, or if its genes are left out, what else it has. Throws BadInput, with what there is, where there is no such thing.
ReferenceFeatures features_to_learn(const CountsReader& reader, const WantedFeatures& wanted);

// What a file has of each block but the genes', in their order.
std::vector<OtherModality> match_others(CountsReader& reader, const GeneVocabulary& features,
                                        const std::vector<FeatureBlock>& blocks);

// Counts of cells [first, end) over these modalities, numbered as all features.
CountMatrix counts_of(const std::vector<OtherModality>& others, CountsReader& reader, std::int64_t first,
                      std::int64_t end);

}  // namespace plkd

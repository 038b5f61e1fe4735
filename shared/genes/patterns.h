#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// A gene set that becomes one token of the Teacher (section 2.2 of the PLKD reference: "mask" column).
struct Pattern {
  std::string name;
  std::vector<std::int32_t> genes;  // indices into the vocabulary, ascending
  // [genes], what a trained Teacher makes of them: the largest absolute weight from the gene to the pattern's token. Empty
  // before training.
  std::vector<float> weight = {};
};

struct PatternLimits {
  // A set with fewer genes present than this says little about its cells and is left out.
  std::int64_t min_genes = 5;
  // A set with more genes in the file than this is left out as unspecific.
  std::int64_t max_genes_in_set = 300;
  // The sets with most genes present are kept, ties in file order. More patterns cost time quadratically.
  std::int64_t max_patterns = 300;
};

// Patterns of a GMT file (name, description, genes, separated by tabs) over `genes`. Names match as in `align`.
// Throws BadInput with the line number, or when no set has enough genes present.
std::vector<Pattern> read_gmt(const std::string& path, const GeneVocabulary& genes,
                              const PatternLimits& limits = {});

struct LearnPatternsOptions {
  // How many co-expression modules to look for. Fewer makes training faster, more makes tokens more specific.
  std::int64_t patterns = 128;
  std::int64_t min_genes = 5;
  // Each module takes at most this many genes, those nearest its centre.
  std::int64_t max_genes = 60;
  std::uint64_t seed = 1;
};

// Co-expression modules of the reference: genes are clustered by spherical k-means on their log-normalised profiles
// over the cells (centred, scaled to unit length). Deterministic in the seed. Named after their three most central genes.
std::vector<Pattern> learn_patterns(const CountMatrix& expression, const GeneVocabulary& genes,
                                    const LearnPatternsOptions& options = {});

}  // namespace plkd

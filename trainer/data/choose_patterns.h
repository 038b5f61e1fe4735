#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/modality.h"
#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// Where the Teacher's tokens come from.
struct ChoosePatternsOptions {
  // "learned" for co-expression modules of the reference, "random" for gene sets drawn by chance (what the
  // choice of sets is worth), or a GMT file.
  std::string source = "learned";
  // Patterns with fewer genes in use are left out: raising it drops the noisiest tokens.
  std::int64_t min_genes = 5;
  // 0 takes the source's own: gene sets of up to 300 genes in the file, modules of the 60 genes nearest their
  // centre, random patterns of any size. Raising it lets unspecific patterns in.
  std::int64_t max_genes = 0;
  // 0 takes the source's own: the 300 gene sets with most genes in use, 128 modules to look for, 300 random
  // patterns. The Teacher's time grows with its square.
  std::int64_t max_patterns = 0;
  std::uint64_t seed = 1;
};

// Throws BadInput when no pattern is left.
std::vector<Pattern> choose_patterns(const CountMatrix& expression,  // of the training cells
                                     const GeneVocabulary& genes, const ChoosePatternsOptions& options);

// The same over the features of several modalities: patterns of the genes, those of the others, see patterns_of_others, and
// modules of proteins and of peaks.
std::vector<Pattern> choose_patterns(const CountMatrix& expression, const GeneVocabulary& features,
                                     const std::vector<FeatureBlock>& blocks, const ChoosePatternsOptions& options);

// "learned", "random" or "gene sets", for a model's provenance.
std::string kind_of(const ChoosePatternsOptions& options);

}  // namespace plkd

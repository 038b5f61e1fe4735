#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

// The genes of a matrix or a model, in order. A gene has a symbol, an Ensembl id, or both; what is not known is empty.
struct GeneVocabulary {
  std::vector<std::string> symbol;  // [genes]
  std::vector<std::string> id;      // [genes]

  std::int64_t size() const { return static_cast<std::int64_t>(symbol.size()); }
};

// Makes a vocabulary from one list of names, told id from symbol by the shape of an Ensembl id (ENSG00000153563.12).
GeneVocabulary vocabulary_from_names(const std::vector<std::string>& names);

// What alignment found; shown to the user before anything is annotated.
struct AlignmentReport {
  std::int64_t model_genes = 0;
  std::int64_t query_genes = 0;
  std::int64_t matched_by_id = 0;      // model genes
  std::int64_t matched_by_symbol = 0;  // model genes
  std::int64_t merged = 0;             // query genes beyond the first that name the same model gene; counts are summed
  std::vector<std::string> missing;    // model genes the query lacks, by symbol or else id, in the model's order

  std::int64_t matched() const { return matched_by_id + matched_by_symbol; }
};

struct GeneAlignment {
  std::vector<std::int32_t> model_gene;  // [query genes], index into the model's genes or -1
  AlignmentReport report;
};

// Which gene of the model each gene of the query is: by Ensembl id (version ignored) first, by symbol for model genes
// that no id matched, then by symbol in another case. Order never matters.
GeneAlignment align(const GeneVocabulary& query, const GeneVocabulary& model);

// The query's counts over the model's genes: genes the model lacks are dropped, counts of merged genes are summed.
// Take `library_sizes` before, over all genes of the query: the recipe divides by the whole library.
CountMatrix apply(const GeneAlignment& alignment, const CountMatrix& query);  // [cells x model genes]

// "1,979 of 2,000 genes matched (1,979 by symbol), 21 missing".
std::string describe(const AlignmentReport& report);

}  // namespace plkd

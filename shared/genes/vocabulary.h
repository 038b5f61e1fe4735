#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/modality.h"

namespace plkd {

// The genes of a matrix or a model, in order. A gene has a symbol, an Ensembl id, or both; what is not known is empty.
struct GeneVocabulary {
  std::vector<std::string> symbol;  // [genes]
  std::vector<std::string> id;      // [genes]
  // Other names, symbols and ids alike: previous symbols and synonyms, and what the gene is called in the other
  // organism. [genes] of lists, or empty where nothing is known, as in a matrix.
  std::vector<std::vector<std::string>> alias = {};
  std::vector<std::vector<std::string>> orthologue = {};

  std::int64_t size() const { return static_cast<std::int64_t>(symbol.size()); }
};

// What people call a gene: its symbol, or its id where that is all there is.
std::string name_of(const GeneVocabulary& genes, std::size_t gene);

// Makes a vocabulary from one list of names, told id from symbol by the shape of an Ensembl id (ENSG00000153563.12).
GeneVocabulary vocabulary_from_names(const std::vector<std::string>& names);

bool looks_like_ensembl_id(const std::string& name);
std::string without_version(std::string name);  // of an Ensembl id; other names as they are

// The genes at these places, with all that is known of them.
GeneVocabulary select_genes(const GeneVocabulary& genes, const std::vector<std::int32_t>& chosen);

// Those of `more` behind the others.
void append(GeneVocabulary& genes, const GeneVocabulary& more);

// Of all features of several modalities the genes, which come first; without blocks all are genes.
GeneVocabulary genes_alone(const GeneVocabulary& features, const std::vector<FeatureBlock>& blocks);

// Those of one block.
GeneVocabulary features_of(const GeneVocabulary& genes, const FeatureBlock& block);

// Whether a gene may be found under its name in the other organism. An approximation, so never unless asked for.
enum class Orthologues { Ignore, Use };

// What alignment found; shown to the user before anything is annotated.
struct AlignmentReport {
  std::int64_t model_genes = 0;
  std::int64_t query_genes = 0;
  std::int64_t matched_by_id = 0;      // model genes
  std::int64_t matched_by_symbol = 0;  // model genes
  std::int64_t matched_by_alias = 0;       // model genes
  std::int64_t matched_by_orthologue = 0;  // model genes
  std::int64_t merged = 0;             // query genes beyond the first that name the same model gene; counts are summed
  std::vector<std::string> missing;    // model genes the query lacks, by symbol or else id, in the model's order

  std::int64_t matched() const {
    return matched_by_id + matched_by_symbol + matched_by_alias + matched_by_orthologue;
  }
  double share() const { return model_genes == 0 ? 0 : static_cast<double>(matched()) / static_cast<double>(model_genes); }
};

struct GeneAlignment {
  std::vector<std::int32_t> model_gene;  // [query genes], index into the model's genes or -1
  AlignmentReport report;
};

// Which gene of the model each gene of the query is: by Ensembl id (version ignored), by symbol, with `Use` by the
// model's orthologues, by symbol in another case, and by the model's aliases, in this order; a model gene found in one
// way takes no more genes in a later one. An alias or orthologue of several model genes names none of them, nor does an
// alias that is another model gene's symbol. Order never matters.
GeneAlignment align(const GeneVocabulary& query, const GeneVocabulary& model,
                    Orthologues orthologues = Orthologues::Ignore);

// The query's counts over the model's genes: genes the model lacks are dropped, counts of merged genes are summed.
// Take `library_sizes` before, over all genes of the query: the recipe divides by the whole library.
CountMatrix apply(const GeneAlignment& alignment, const CountMatrix& query);  // [cells x model genes]

// "1,979 of 2,000 genes matched (1,979 by symbol), 21 missing".
std::string describe(const AlignmentReport& report);

}  // namespace plkd

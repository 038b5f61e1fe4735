#pragma once

#include <cstdint>
#include <string>

#include "shared/genes/vocabulary.h"

namespace plkd {

// What one table added to a model's genes.
struct GeneTableReport {
  std::int64_t ids = 0;
  std::int64_t symbols = 0;
  std::int64_t aliases = 0;      // genes that got any
  std::int64_t orthologues = 0;  // genes that got one
  std::int64_t ambiguous = 0;    // genes whose orthologues are several, so that none is kept
};

// Adds what a table knows about these genes: CSV or TSV, gzip or not, one gene a line. Three kinds are told apart:
//   two columns, one of Ensembl ids             id and symbol of a gene, as GENCODE lists them
//   two columns, both of symbols or both of ids  a gene and its orthologue; whichever column holds more of our genes is ours
//   a first line that names the columns         any of id, symbol, aliases (separated by |), orthologue_symbol, orthologue_id
// A line is about the gene with its id, else its symbol, else that which one of its aliases names alone; a symbol with
// several ids names none of them. A line's symbol that is not ours becomes an alias.
// An orthologue counts when each of the two genes has no other, or when the two have the same symbol but for its case;
// the latter wins. Any other gene with several has none: a guess between them would give it another gene's counts.
// Throws BadInput for a table of none of these kinds, or that names none of the genes.
GeneTableReport add_gene_table(GeneVocabulary& genes, const std::string& path);

std::string describe(const GeneTableReport& report);

}  // namespace plkd

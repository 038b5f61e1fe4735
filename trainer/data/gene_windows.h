#pragma once

#include <string>

#include "shared/genes/vocabulary.h"

namespace plkd {

// Where a gene's activity shows in open chromatin: its body and the promoter before it.
constexpr std::int64_t kPromoter = 2000;  // bases, as Signac and Cicero take it

// The windows of those genes that a table knows, in its order: symbol and id of a feature are the gene's name and the window
// ("chr1:9776-10668"), so that the gene's patterns find it and peaks are counted in it by overlap. The table is GTF (its lines
// of feature "gene") or BED with name and strand (six columns), gzip or not. A gene is found by id, without version, or symbol;
// of several lines for one gene the longest counts. Without genes to look for all that the table knows have one.
// Throws BadInput for another table, or one that knows none of the genes.
GeneVocabulary gene_windows(const std::string& table, const GeneVocabulary& genes);

}  // namespace plkd

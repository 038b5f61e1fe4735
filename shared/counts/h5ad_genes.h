#pragma once

#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/counts/h5ad_table.h"

namespace plkd {

// The genes of a table by the names of its rows and by the columns that usually hold symbols and ids.
GeneVocabulary genes_of(const H5adTable& var);

// Every column of text that tells genes apart.
std::vector<GeneNames> other_names_of_genes(const H5adTable& var);

}  // namespace plkd

#pragma once

#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/open_counts.h"

namespace plkd {

bool is_loom(const hdf5::Group& root);

// Reads loom of version 2 or 3, as loompy, velocyto, loomR and anndata write it: a matrix of genes x cells, which the slots "matrix"
// and "layers/NAME" choose among; genes by row_attrs/Gene and Accession, cells by col_attrs/CellID, whose other columns are those
// of the cells. Reads tiles of whole chunks, so memory does not grow with the number of cells. Format:
// http://linnarssonlab.org/loompy/format
std::unique_ptr<CountsReader> open_loom(const std::string& path, const OpenCountsOptions& options = {});

}  // namespace plkd

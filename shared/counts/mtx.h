#pragma once

#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

// Reads 10x MatrixMarket: genes x cells, coordinate, integer or real, plain or gzip, with barcodes.tsv and features.tsv
// (id, symbol, feature type: only "Gene Expression" rows are kept) or genes.tsv (id, symbol) beside it.
// `path` is the folder, the archive or the matrix file in one of them. Streams when the file is sorted by cell, as 10x writes it; a file that is not
// is read whole. Format: https://math.nist.gov/MatrixMarket/formats.html. Throws BadInput with the line number.
// `index`: CountsReader::index of another reader of the same file; without it the file is read through.
std::unique_ptr<CountsReader> open_mtx(const std::string& path, const nlohmann::json* index = nullptr);

}  // namespace plkd

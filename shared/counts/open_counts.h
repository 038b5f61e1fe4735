#pragma once

#include <map>
#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

struct OpenCountsOptions {
  // Which matrix of an h5ad to read: "X", "raw.X" or "layers/NAME". Empty lets the reader choose: the first of X, raw.X,
  // layers/counts and the other layers that holds counts (non-negative whole numbers), else X. Of a loom file: "matrix", which is taken
  // when it is empty, or "layers/NAME". Of a 10x .h5: one of its genomes.
  std::string slot;
  // What parts of the file are, where their names do not tell: "X" for the matrix that is read, "obsm:NAME".
  std::map<std::string, Modality> modalities = {};
  // Of another reader of the same file, when there is one: CountsReader::index.
  const nlohmann::json* index = nullptr;
};

// Opens a matrix whatever its format, told by content and not by name: an .h5ad file, Cell Ranger's .h5, loom, a text table of counts
// (CSV, TSV; plain or .gz) whose genes may be in rows or in columns, or 10x MatrixMarket as a folder, a .zip, .tar or .tar.gz, or as its
// matrix.mtx(.gz) with barcodes.tsv(.gz) and features.tsv(.gz) or genes.tsv beside it. Paths lead into archives as into folders:
// "GSE1_RAW.tar/GSM1_matrix.mtx.gz" chooses one of several matrices. Throws BadInput that names the file and says what would be accepted.
std::unique_ptr<CountsReader> open_counts(const std::string& path, const OpenCountsOptions& options = {});

}  // namespace plkd

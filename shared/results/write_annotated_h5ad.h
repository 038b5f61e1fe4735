#pragma once

#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/results/result_columns.h"

namespace plkd {

// Whether results can be added to the file that is read; those of other formats go into a new h5ad.
bool keeps_results(const CountsReader& reader);

// Adds results to an h5ad, in place: columns of obs, the map as obsm["X_plkd"] and uns["plkd"]. What an earlier run added, everything
// in obs whose name starts with "plkd_", goes first; nothing else changes. Works on files of anndata 0.7 or later. Throws BadInput when obs
// is no table, has not these cells, or cannot be written: the file may then be half changed, so give it a copy.
void add_to_h5ad(const std::string& path, const ResultColumns& results);

// Copies the h5ad `source` to `out` and adds the results to the copy, which appears under its name only when it is whole. Throws
// WrongUsage when both are the same file.
void write_annotated_h5ad(const std::string& source, const std::string& out, const ResultColumns& results);

// The same for cells of another format: a new h5ad with their values, read by slices, and the results.
void write_new_annotated_h5ad(CountsReader& reader, const std::string& out, const ResultColumns& results);

}  // namespace plkd

#pragma once

#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/open_counts.h"

namespace plkd {

bool is_h5mu(const hdf5::Group& root);

// Reads MuData's h5mu: one AnnData a modality in "mod"; "rna" (or "gex") has the genes, "prot" or "adt" the proteins, "atac" the peaks.
// Cells are those of the whole, obs; where a modality lacks some of them (obsmap), they have no counts in it. `slot` chooses among the
// matrices of the genes. Format: the "MuData specifications" page of the muon documentation.
std::unique_ptr<CountsReader> open_h5mu(const std::string& path, const OpenCountsOptions& options = {});

}  // namespace plkd

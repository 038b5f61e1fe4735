#pragma once

#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/open_counts.h"

namespace plkd {

// True when the file is a feature-barcode matrix as Cell Ranger writes it.
bool is_tenx_h5(const hdf5::Group& root);

// Reads Cell Ranger's HDF5: of version 3 and later (group "matrix"; only "Gene Expression" features are kept, what is left out is
// said in format()) and of version 2 (a group for each genome). Several genomes, as of human and mouse cells together, are read as one
// matrix of all their genes, named without the genome in front; `slot` chooses one. Streams: the file holds the cells one after the other.
// Format: 10x Genomics, "HDF5 Feature-Barcode Matrix Format".
std::unique_ptr<CountsReader> open_tenx_h5(const std::string& path, const OpenCountsOptions& options = {});

}  // namespace plkd

#pragma once

#include "shared/counts/counts_reader.h"
#include "shared/counts/open_counts.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plkd {

namespace hdf5 {
class Group;
}

// Reads AnnData's h5ad: CSR, CSC and dense matrices; X, raw.X and layers; obs columns categorical (both encodings), text,
// numeric, boolean and nullable; anndata 0.6 to current. Format: the "on-disk format" page of the anndata documentation.
// A CSC matrix is read in windows of cells, one pass over the file for each, so it too stays within fixed memory.
// A column of obs that cannot be read is left out of column_names().
// Proteins and peaks beside the genes are found by var's feature_types, or in obsm, see h5ad_obsm.h.
std::unique_ptr<CountsReader> open_h5ad(const std::string& path, const OpenCountsOptions& options = {});
// The same in a group of a file: a modality of an h5mu.
std::unique_ptr<CountsReader> open_h5ad(const std::string& path, hdf5::Group root, const OpenCountsOptions& options = {});

constexpr int kCompression = 4;  // of zlib: more takes twice the time and saves a twentieth

// Writes an h5ad (anndata 0.8 encoding, CSR, gzip unless the compression is 0) a slice of cells at a time.
class H5adWriter {
 public:
  H5adWriter(const std::string& path, const GeneVocabulary& genes, int compression = kCompression);
  ~H5adWriter();
  H5adWriter(const H5adWriter&) = delete;
  H5adWriter& operator=(const H5adWriter&) = delete;

  // Appends cells; `counts.genes` must be the vocabulary's size.
  void append(const CountMatrix& counts, const std::vector<std::string>& cell_names);
  // Writes obs and the closing metadata; every column has one code for each cell appended. Call once, last.
  void finish(const std::vector<CellColumn>& columns);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plkd

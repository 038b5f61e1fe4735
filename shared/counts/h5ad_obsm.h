#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/open_counts.h"

namespace plkd {

// Proteins and peaks that an h5ad keeps in obsm, where a matrix has no names of its own: a data frame names its columns (scvi-tools:
// obsm["protein_expression"]); a matrix is named by a list of the same length in uns ("protein_names" or "adt_names" for
// "protein_counts", or whichever fits). Embeddings have no names and are none.
class ObsmFeatures {
 public:
  ObsmFeatures() = default;
  ObsmFeatures(const hdf5::Group& root, std::int64_t cells, const OpenCountsOptions& options);

  const std::vector<OtherFeatures>& features() const { return features_; }
  CountMatrix read(std::size_t which, std::int64_t first, std::int64_t end) { return read_[which](first, end); }

 private:
  std::vector<OtherFeatures> features_;
  std::vector<std::function<CountMatrix(std::int64_t, std::int64_t)>> read_;
};

}  // namespace plkd

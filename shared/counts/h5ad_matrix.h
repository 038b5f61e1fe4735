#pragma once

#include "shared/counts/count_matrix.h"
#include "shared/counts/hdf5_file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plkd {

// One matrix of an h5ad (X, raw/X or a layer), cells x genes, whatever its encoding.
class H5adMatrix {
 public:
  virtual ~H5adMatrix() = default;

  virtual const std::string& encoding() const = 0;  // "csr_matrix", "csc_matrix" or "dense array"
  // A few thousand stored values from the start, the middle and the end.
  virtual std::vector<float> sample() const = 0;
  // Cells [first, end): genes ascending, one entry a gene, no zeros; values as they are in the file.
  virtual CountMatrix read(std::int64_t first, std::int64_t end) = 0;
};

struct MatrixShape {
  std::int64_t cells = 0;
  std::int64_t genes = 0;
};

// True when `name` in `root` is stored in one of the encodings above.
bool is_h5ad_matrix(const hdf5::Group& root, const std::string& name);

// Entries of a CSC matrix held at once. More means fewer passes over the file; sorting takes some 20 bytes for each.
constexpr std::int64_t kCscWindow = 8 << 20;

// Throws BadInput when the matrix is not of the shape that obs and var give.
std::unique_ptr<H5adMatrix> open_h5ad_matrix(const hdf5::Group& root, const std::string& name,
                                             const MatrixShape& shape, std::int64_t csc_window = kCscWindow);

}  // namespace plkd

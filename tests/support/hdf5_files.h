#pragma once

#include <catch2/catch.hpp>
#include <hdf5.h>

#include <array>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/counts/hdf5_file.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/matrices.h"

namespace plkd::test {

// A matrix of genes x cells in chunks, as loompy writes it.
inline void write_loom_matrix(const hdf5::Group& root, const std::string& name, const CountMatrix& counts, std::array<hsize_t, 2> chunk) {
  std::vector<float> values;
  for (const std::vector<float>& row : dense_of(transposed(counts))) values.insert(values.end(), row.begin(), row.end());
  const std::array<hsize_t, 2> extent = {static_cast<hsize_t>(counts.genes), static_cast<hsize_t>(counts.cells())};
  const hdf5::Handle space(H5Screate_simple(2, extent.data(), nullptr), H5Sclose);
  const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(creation.id(), 2, chunk.data());
  H5Pset_deflate(creation.id(), 2);
  const hdf5::Handle dataset(
      H5Dcreate2(root.id(), name.c_str(), H5T_IEEE_F32LE, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Dclose);
  REQUIRE(H5Dwrite(dataset.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
}

// The three lists and the barcodes that Cell Ranger's matrices have in every version.
inline hdf5::Group write_tenx_matrix(const hdf5::Group& root, const std::string& name, const CountMatrix& counts,
                                     const std::vector<std::string>& barcodes) {
  using Type = hdf5::Group::ListType;
  hdf5::Group group = root.create_group(name);
  group.create_list("data", Type::Int32).append(std::vector<std::int32_t>(counts.count.begin(), counts.count.end()));
  group.create_list("indices", Type::Int64).append(std::vector<std::int64_t>(counts.gene.begin(), counts.gene.end()));
  group.create_list("indptr", Type::Int64).append(counts.row_begin);
  group.create_list("shape", Type::Int32)
      .append(std::vector<std::int32_t>{static_cast<std::int32_t>(counts.genes), static_cast<std::int32_t>(counts.cells())});
  group.create_list("barcodes", Type::Text).append(barcodes);
  return group;
}

inline void write_texts(const hdf5::Group& group, const std::string& name, const std::vector<std::string>& texts) {
  group.create_list(name, hdf5::Group::ListType::Text).append(texts);
}

}  // namespace plkd::test

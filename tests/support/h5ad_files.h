#pragma once

#include <catch2/catch.hpp>
#include <hdf5.h>

#include <string>
#include <utility>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/counts/hdf5_file.h"
#include "tests/support/matrices.h"

namespace plkd::test {

enum class Encoding { Csr, Csc, Dense };

inline void write_names(const hdf5::Group& root, const std::string& table, const std::string& prefix, std::int64_t n) {
  const hdf5::Group group = root.create_group(table);
  group.write_attribute("_index", std::string("_index"));
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < n; ++i) names.push_back(prefix + std::to_string(i));
  group.create_list("_index", hdf5::Group::ListType::Text).append(names);
}

inline void write_sparse(const hdf5::Group& root, const std::string& encoding, const CountMatrix& matrix,
                         const std::vector<std::int64_t>& shape) {
  const hdf5::Group group = root.create_group("X");
  group.write_attribute("encoding-type", encoding);
  group.write_attribute("shape", shape);
  group.create_list("data", hdf5::Group::ListType::Float32).append(matrix.count);
  group.create_list("indices", hdf5::Group::ListType::Int32).append(matrix.gene);
  group.create_list("indptr", hdf5::Group::ListType::Int64).append(matrix.row_begin);
}

inline void write_dense(const hdf5::Group& root, const CountMatrix& counts) {
  std::vector<float> values;
  for (const std::vector<float>& row : dense_of(counts)) values.insert(values.end(), row.begin(), row.end());
  const hsize_t extent[2] = {static_cast<hsize_t>(counts.cells()), static_cast<hsize_t>(counts.genes)};
  const hdf5::Handle space(H5Screate_simple(2, extent, nullptr), H5Sclose);
  const hdf5::Handle dataset(
      H5Dcreate2(root.id(), "X", H5T_IEEE_F32LE, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  REQUIRE(H5Dwrite(dataset.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
}

// Genes x cells of cells x genes.
inline CountMatrix transposed(const CountMatrix& counts) {
  const std::vector<std::vector<float>> rows = dense_of(counts);
  std::vector<std::vector<float>> columns(static_cast<std::size_t>(counts.genes));
  for (std::size_t gene = 0; gene < columns.size(); ++gene)
    for (const std::vector<float>& row : rows) columns[gene].push_back(row[gene]);
  CountMatrix turned = matrix_of(columns);
  turned.genes = counts.cells();
  return turned;
}

// cell0, cell1, ... x G0, G1, ... in the encoding asked for.
inline void write_h5ad(const std::string& path, const CountMatrix& counts, Encoding encoding) {
  const hdf5::Group root = hdf5::create_file(path);
  write_names(root, "obs", "cell", counts.cells());
  write_names(root, "var", "G", counts.genes);
  const std::vector<std::int64_t> shape = {counts.cells(), counts.genes};
  if (encoding == Encoding::Csr) write_sparse(root, "csr_matrix", counts, shape);
  if (encoding == Encoding::Csc) write_sparse(root, "csc_matrix", transposed(counts), shape);
  if (encoding == Encoding::Dense) write_dense(root, counts);
}

}  // namespace plkd::test

#pragma once

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plkd {

// One data frame of an h5ad: obs (a row is a cell) or var (a row is a gene), in any encoding since anndata 0.7.
class H5adTable {
 public:
  // Throws BadInput when `group` is no data frame, as obs of anndata 0.6 is not.
  H5adTable(const hdf5::Group& root, const std::string& name);

  std::int64_t rows() const { return rows_; }
  // The rows' names; their numbers where the file gives none.
  std::vector<std::string> row_names(std::int64_t first, std::int64_t end) const;  // [end - first]

  std::vector<std::string> column_names() const;  // those that can be read, in the file's order
  bool has_column(const std::string& name) const;
  CellColumn column(const std::string& name) const;
  // A column as text, a missing value as "".
  std::vector<std::string> texts(const std::string& name) const;  // [rows]

 private:
  std::optional<std::string> find_index() const;
  bool is_readable(const std::string& member) const;

  hdf5::Group group_;
  std::string index_;  // member that holds the rows' names; "" when there is none
  std::int64_t rows_ = 0;
};

}  // namespace plkd

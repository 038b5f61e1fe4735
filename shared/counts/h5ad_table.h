#pragma once

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plkd {

// One data frame of an h5ad: obs (a row is a cell) or var (a row is a gene). Since anndata 0.7 it is a group of columns, before
// it was a list of records, with the categories of its columns kept elsewhere in the file.
class H5adTable {
 public:
  // Throws BadInput when `name` is no data frame. The first of `indices` that is there names the rows.
  H5adTable(const hdf5::Group& root, const std::string& name, std::vector<std::string> indices = {"_index", "index"});

  std::int64_t rows() const { return rows_; }
  bool is_records() const { return records_.has_value(); }  // of anndata 0.6 or older
  // The rows' names; their numbers where the file gives none.
  std::vector<std::string> row_names(std::int64_t first, std::int64_t end) const;  // [end - first]

  std::vector<std::string> column_names() const;  // those that can be read, in the file's order
  bool has_column(const std::string& name) const;
  CellColumn column(const std::string& name) const;
  // A column as text, a missing value as "".
  std::vector<std::string> texts(const std::string& name) const;  // [rows]

 private:
  std::optional<std::string> find_index(std::vector<std::string> candidates) const;
  bool is_readable(const std::string& member) const;
  bool has_list(const std::string& member) const;
  hdf5::Dataset list(const std::string& member) const;
  bool has_group(const std::string& member) const;
  std::vector<std::string> members() const;
  std::optional<hdf5::Dataset> old_categories(const std::string& column) const;

  hdf5::Group group_;                     // the table, or what holds the records
  std::optional<hdf5::Dataset> records_;  // of anndata 0.6 and older
  std::string index_;  // member that holds the rows' names; "" when there is none
  std::int64_t rows_ = 0;
};

}  // namespace plkd

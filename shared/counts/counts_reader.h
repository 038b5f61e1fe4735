#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/modality.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// One column of the cells' table as categories: text, categorical, boolean and numeric columns all arrive so.
struct CellColumn {
  std::string name;
  std::vector<std::string> categories;  // in the file's order for categorical columns, sorted otherwise
  std::vector<std::int32_t> code;       // [cells], index into categories, -1 where missing
};

// The genes by the names in one column of their table.
struct GeneNames {
  std::string column;
  GeneVocabulary genes;
};

// What a file holds of the same cells beside their genes.
struct OtherFeatures {
  Modality modality = Modality::Protein;
  std::string where;               // as --modality takes it: "obsm:protein_counts", "type:Antibody Capture", "mod:prot", "X"
  std::vector<std::string> names;  // [features], as the file has them
};

// A matrix of cells x genes on disk, read by ranges of cells so that memory does not grow with the file.
// To add a format: 1. implement this interface in shared/counts/<format>.cpp, 2. give it an open_<format>(),
// 3. recognise its first bytes in open_counts.cpp, 4. add a fixture to tests/shared/counts.
class CountsReader {
 public:
  virtual ~CountsReader() = default;

  virtual const std::string& path() const = 0;
  // For people: "h5ad (anndata 0.8), csr_matrix in 'X'".
  virtual const std::string& format() const = 0;
  // What OpenCountsOptions::slot can choose, and what is read now: "" where several are read together. None for formats of one matrix.
  virtual std::vector<std::string> slots() const { return {}; }
  virtual std::string slot() const { return ""; }
  virtual std::int64_t cells() const = 0;
  virtual const GeneVocabulary& genes() const = 0;
  // What else the genes might be called, for a model that `genes` tells little; empty for formats without a table.
  virtual std::vector<GeneNames> other_gene_names() const { return {}; }

  // Validated values of cells [first, end). Any range may be asked for; ascending ranges are fastest. Throws BadInput.
  virtual CountMatrix read(std::int64_t first, std::int64_t end) = 0;
  virtual std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) = 0;  // [end - first]

  // Proteins and chromatin of the same cells; a matrix of these alone has no genes.
  virtual const std::vector<OtherFeatures>& other_features() const;
  // As `read`, over the features of one of them: cheapest for the range of cells that was read last.
  virtual CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end);

  // What opening found out that another reader of the same file then need not (OpenCountsOptions::index): of a text, which is read
  // through for that, where its cells are. Empty where nothing takes long; null where the other has to read all of it, too.
  virtual nlohmann::json index() const;

  // Columns of the cells' table; empty for formats that have none.
  virtual std::vector<std::string> column_names() const = 0;
  // Throws BadInput that lists the columns there are when `name` is not one of them.
  virtual CellColumn column(const std::string& name) = 0;
};

// A text each cell; distinct ones become categories, an empty one is missing.
CellColumn column_of_texts(const std::string& name, const std::vector<std::string>& texts);

// What every reader does when it is asked for cells or for a column that it does not have.
void check_range(const CountsReader& reader, std::int64_t first, std::int64_t end);
[[noreturn]] void fail_without_column(const CountsReader& reader, const std::string& column);

}  // namespace plkd

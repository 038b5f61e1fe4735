#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "shared/counts/open_counts.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/model.h"
#include "trainer/data/cells.h"

namespace plkd {

struct ReferenceOptions {
  std::vector<std::string> files;
  std::string labels;        // column of the cells' table
  std::string batch;         // column; empty: each file is a batch
  std::string ontology_ids;  // column; empty: cell_ontology_id or cell_type_ontology_term_id if there is one
  std::vector<std::string> where;  // COLUMN=VALUE
  std::vector<std::string> drop;   // COLUMN=VALUE
  std::string label_map;           // table that renames labels, see label_map.h; empty: they stay
  OpenCountsOptions open;
};

// Where a cell of the reference was read.
struct Origin {
  std::int32_t file = 0;  // index into the files
  std::int64_t cell = 0;  // index into the file's cells
};

// All labelled cells of all files, over the genes the files have in common. Of several files one may lack a
// column or value that the conditions name: it says so in the notes.
struct Reference {
  GeneVocabulary genes;
  Cells cells;
  std::vector<Origin> origin;     // [cells]
  std::vector<CellType> classes;  // by name, ascending
  std::vector<std::string> batch_names;
  std::vector<std::int32_t> batch;  // [cells]
  std::vector<std::string> notes;   // oddities for people: cells left out, genes lost, small classes
};

// Throws BadInput when a file cannot be read, no file has what a condition names, fewer than two classes are
// left, or the files have too few genes in common.
Reference load_reference(const ReferenceOptions& options, Verbosity verbosity);

// FNV-1a of counts and labels: tells whether two models saw the same cells.
std::string digest(const Reference& reference);  // "a9f3..", 16 hex digits

}  // namespace plkd

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "shared/counts/open_counts.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/model.h"
#include "shared/preprocess/inspect.h"
#include "trainer/data/cells.h"
#include "trainer/data/reference_features.h"

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
  WantedFeatures features;
};

// Where a cell of the reference was read.
struct Origin {
  std::int32_t file = 0;  // index into the files
  std::int64_t cell = 0;  // index into the file's cells
};

// One of the files, and what was found out about it when it was read first.
struct ReferenceFile {
  std::string path;
  Inspection inspection;
  GeneAlignment genes;  // to the reference's
};

// All labelled cells of all files, over the genes, and what else was asked for, that the files have in common. Their
// counts stay in the files: see read_cells. Of several files one may lack a column or value that the conditions name: it
// says so in the notes.
struct Reference {
  std::vector<ReferenceFile> files;
  OpenCountsOptions open;
  GeneVocabulary genes;              // all features, modality after modality
  std::vector<FeatureBlock> blocks;  // of them, a flag behind each, see PreprocessRecipe; empty for genes alone
  std::vector<double> library;      // [cells], over all genes of the cell's file
  std::vector<std::int32_t> label;  // [cells], class
  std::vector<Origin> origin;       // [cells], ascending
  std::vector<CellType> classes;  // by name, ascending
  std::vector<std::string> batch_names;
  std::vector<std::int32_t> batch;  // [cells]
  std::vector<std::string> notes;   // oddities for people: cells left out, genes lost, small classes
  // FNV-1a of the cells' counts and labels: tells whether two models saw the same cells. "a9f3..", 16 hex digits
  std::string digest;

  std::int64_t size() const { return static_cast<std::int64_t>(label.size()); }
};

// Throws BadInput when a file cannot be read, no file has what a condition names, fewer than two classes are
// left, or the files have too few genes in common.
Reference load_reference(const ReferenceOptions& options, Verbosity verbosity);

// Reads all cells once more, in order, some thousand at a time and only over the chosen features (ascending): `slice`
// begins with cell `first` of the reference. `doing` is shown as what is going on.
void read_cells(const Reference& reference, const std::vector<std::int32_t>& genes, const std::string& doing,
                Verbosity verbosity, const std::function<void(std::int64_t first, const Cells& slice)>& work);

}  // namespace plkd

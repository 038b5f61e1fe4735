#pragma once

#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/cli/progress.h"

namespace CLI {
class App;
}

namespace plkd {

// Help for --cells and --slot, the same for every verb that reads cells.
constexpr const char* kCellsHelp = "the cells: .h5ad, 10x .h5, .loom, CSV or TSV, or MatrixMarket (folder, archive or matrix file)";
constexpr const char* kSlotHelp =
    "matrix of an h5ad: X, raw.X or layers/NAME (default: where counts are); layers/NAME of a loom file; genome of a 10x .h5";

// How a query is matched with a model, the same for every verb that labels cells.
struct QueryFlags {
  bool orthologues = false;
  bool force = false;
  std::vector<std::string> without = {};  // modalities by name

  QueryOptions options() const;
};

void declare_query(CLI::App& verb, QueryFlags& flags);
// Without --force, for a verb that only reports what the gate finds.
void declare_match(CLI::App& verb, QueryFlags& flags);

// Which modalities the cells are labelled by, and what the model may be expected to do without the others; nothing of a model of RNA alone.
std::string describe_modalities(const QueryReport& report, const Model& model);

// Warns of what the gate found and was not to refuse, and of genes found by orthologue.
void warn(const QueryReport& report, Verbosity verbosity);

}  // namespace plkd

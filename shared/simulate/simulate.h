#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/simulate/profile.h"

namespace plkd {

struct SimulateOptions {
  std::int64_t cells = 2000;
  // Cells are dealt to the batches in turn.
  std::int64_t batches = 1;
  // The same seed gives the same cells, natively and in the browser.
  std::uint64_t seed = 1;
  // Standard deviation of a batch's log factor on each gene. Raising it moves batches, and seeds, further apart.
  double batch_effect = 0.25;
  // Standard deviation of a batch's log factor on all library sizes.
  double batch_depth = 0.2;
  // Chance that a gene expected at nearly zero counts is lost; falls as exp(-expected counts).
  double dropout = 0.1;
  // How far cells stray towards the type most like their own: each is a mixture with a share of `blend` * u^2 of that
  // type, u uniform. 0 keeps the types apart; above 0.5 some cells are more like the neighbour than like their label.
  double blend = 0.5;
  // Types rarer than this are raised to it, so that even a small simulation has some cells of each.
  double rarest_type = 0.02;
  // Genes in all. Those beyond the profile's tell nothing about the type: they make a file as wide as a real one. 0 for the profile's.
  std::int64_t genes = 0;
  // Share of cells in which one of those further genes is seen, with one count. Raising it makes cells longer.
  double further_seen = 0.0375;
  // Of zlib, 1 to 9; 0 stores the counts as they are, which is faster and four to six times larger.
  int compression = 4;
};

struct SimulatedCells {
  CountMatrix counts;               // [cells x genes], the profile's first
  std::vector<std::int32_t> type;   // [cells], index into the profile's types
  std::vector<std::int32_t> batch;  // [cells]
};

// Draws cells from a profile: a log-normal library size, gamma-Poisson counts around the means of its type and a
// little of the type's neighbour, shifted by the batch, then dropout. A cell depends on the seed and its number alone,
// so any range gives the same cells.
class Simulator {
 public:
  // Throws WrongUsage for options that make no sense.
  Simulator(const Profile& profile, const SimulateOptions& options);

  SimulatedCells cells(std::int64_t first, std::int64_t end) const;
  GeneVocabulary genes() const;

 private:
  std::size_t draw_type(double uniform) const;

  const Profile& profile_;  // the caller keeps it alive
  SimulateOptions options_;
  std::vector<double> type_until_;            // [types], cumulative proportions
  std::vector<std::size_t> neighbour_;        // [types], the type whose expression is nearest
  std::vector<double> batch_depth_;           // [batches]
  std::vector<std::vector<float>> expected_;  // [batches * types][genes], shares of the library; they sum to 1
};

// Called after each slice with the cells done so far.
using SimulateProgress = std::function<void(std::int64_t done, std::int64_t cells)>;

// Writes simulated cells as an h5ad with the columns cell_type, cell_ontology_id and batch. Memory does not grow with
// the number of cells.
void simulate(const Profile& profile, const SimulateOptions& options, const std::string& path,
              const SimulateProgress& progress = {});

}  // namespace plkd

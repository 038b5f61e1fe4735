#pragma once

#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

struct HighlyVariableOptions {
  // How many genes to keep. Fewer makes the model smaller and faster; below about 1,000 rare types suffer.
  std::int64_t genes = 3000;
  // A gene seen in fewer cells than this is never chosen: its variance is noise.
  std::int64_t min_cells = 5;
};

// Genes whose log-normalised expression varies most beyond what their mean explains: the standardised dispersion of
// Seurat's and scanpy's "mean.var.plot" over 20 bins of mean expression. Ascending gene indices; ties by index.
std::vector<std::int32_t> highly_variable_genes(const CountMatrix& expression,
                                                const HighlyVariableOptions& options = {});

// Genes whose expression varies most between the labels compared with within them: one-way analysis of variance,
// F = between mean square / (within mean square + 1e-3). On held-out studies this beats the dispersion by 1 to 2 points
// of accuracy. Cells come slice after slice and are not kept, so that memory does not grow with them.
class VarianceByLabel {
 public:
  VarianceByLabel(std::int64_t genes, std::int64_t classes);

  // `label` [cells]: a class index, -1 for cells to ignore.
  void add(const CountMatrix& expression, const std::vector<std::int32_t>& label);
  // Ascending gene indices; ties by index.
  std::vector<std::int32_t> most_varying(const HighlyVariableOptions& options = {}) const;
  // Of genes [first, end).
  std::vector<std::int32_t> most_varying(const HighlyVariableOptions& options, std::int64_t first, std::int64_t end) const;
  std::int64_t seen_in(std::int32_t gene) const { return seen_in_[static_cast<std::size_t>(gene)]; }  // cells

 private:
  std::vector<double> cells_of_;      // [classes]
  std::vector<double> sum_;           // [classes x genes]
  std::vector<double> squares_;       // [genes]
  std::vector<std::int64_t> seen_in_;  // [genes]
};

}  // namespace plkd

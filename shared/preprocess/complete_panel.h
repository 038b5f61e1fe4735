#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/preprocess/recipe.h"

namespace plkd {

// Laboratories share only part of their antibodies. A protein's value is what its antibody caught beside the mean of the panel
// (log_normalise.h), so a panel that lacks some would be measured against another mean, and what it lacks would look like proteins that
// no cell has. Instead a missing antibody counts what it does in a typical cell of the reference.

// Sum of log(1 + x).
double sum_of_logarithms(std::span<const float> counts);

// Of each protein of a recipe the mean over cells of log((1 + x) / g), g the geometric mean of 1 + x over the cell's proteins. Cells
// without proteins do not count.
class TypicalPanel {
 public:
  explicit TypicalPanel(const FeatureBlock& proteins) : proteins_(proteins), sum_(static_cast<std::size_t>(proteins.size())) {}

  void add(const CountMatrix& counts);  // [cells x features]
  std::vector<float> values() const;    // [proteins]; 0 before any cell

 private:
  FeatureBlock proteins_;
  std::vector<double> sum_;
  std::int64_t cells_ = 0;
};

// Puts in what a panel lacks: the counts of `missing`, proteins that nobody measured [ascending, numbered as all features], are g times
// e to the typical value, g being the geometric mean of 1 + x over the panel so completed. Cells without proteins stay without, as do all by a recipe
// that knows no typical values, of models made before they were kept.
class PanelCompletion {
 public:
  PanelCompletion() = default;  // of a panel that lacks nothing
  PanelCompletion(const PreprocessRecipe& recipe, const std::vector<std::int32_t>& missing);

  bool changes_nothing() const { return missing_.empty(); }
  // A cell of `counts`, completed, as the last of `completed`.
  void append(const CountMatrix& counts, std::int64_t cell, CountMatrix& completed) const;

 private:
  FeatureBlock proteins_;
  std::vector<std::int32_t> missing_;
  std::vector<double> typical_;  // [missing]
};

void complete_panel(CountMatrix& counts, const PanelCompletion& completion);  // [cells x features]

}  // namespace plkd

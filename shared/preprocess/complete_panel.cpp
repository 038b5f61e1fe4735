#include "shared/preprocess/complete_panel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

#include "shared/counts/row_entries.h"
#include "shared/model/to_digits.h"

namespace plkd {

namespace {

// log g of a panel of `proteins` antibodies, where those measured have this sum of log(1 + x): log g is the mean of log(1 + x) over
// all, x = g e^t for each of `typical`. By Newton's method from the solution for large counts, which a few steps end at.
double log_mean_of_completed(double measured, std::span<const double> typical, double proteins) {
  const double missing = static_cast<double>(typical.size());
  double log_mean = (measured + std::accumulate(typical.begin(), typical.end(), 0.0)) / (proteins - missing);
  for (int step = 0; step < 20; ++step) {
    double excess = measured - proteins * log_mean, slope = -proteins;
    for (const double value : typical) {
      const double count = std::exp(log_mean + value);
      excess += std::log1p(count);
      slope += count / (1 + count);
    }
    const double change = excess / slope;
    log_mean -= change;
    if (std::abs(change) < 1e-9) break;
  }
  return log_mean;
}

}  // namespace

double sum_of_logarithms(std::span<const float> counts) {
  double sum = 0;
  for (const float count : counts) sum += std::log1p(static_cast<double>(count));
  return sum;
}

void TypicalPanel::add(const CountMatrix& counts) {
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) {
    const RowEntries of_cell = entries_of(counts, cell, proteins_.first, proteins_.end);
    if (of_cell.gene.empty()) continue;
    const double log_mean = sum_of_logarithms(of_cell.count) / static_cast<double>(proteins_.size());
    for (double& sum : sum_) sum -= log_mean;
    for (std::size_t i = 0; i < of_cell.gene.size(); ++i)
      sum_[static_cast<std::size_t>(of_cell.gene[i] - proteins_.first)] += std::log1p(static_cast<double>(of_cell.count[i]));
    ++cells_;
  }
}

std::vector<float> TypicalPanel::values() const {
  std::vector<float> mean;
  for (const double sum : sum_)
    mean.push_back(static_cast<float>(to_digits(sum / static_cast<double>(std::max<std::int64_t>(cells_, 1)), kTypicalDigits)));
  return mean;
}

PanelCompletion::PanelCompletion(const PreprocessRecipe& recipe, const std::vector<std::int32_t>& missing) {
  const FeatureBlock* const proteins = block_of(recipe, Modality::Protein);
  if (proteins == nullptr || recipe.typical_proteins.empty()) return;
  proteins_ = *proteins;
  missing_ = missing;
  for (const std::int32_t protein : missing)
    typical_.push_back(static_cast<double>(recipe.typical_proteins[static_cast<std::size_t>(protein - proteins->first)]));
}

void PanelCompletion::append(const CountMatrix& counts, std::int64_t cell, CountMatrix& completed) const {
  const auto copy = [&](std::int64_t first, std::int64_t end) {
    const RowEntries entries = entries_of(counts, cell, first, end);
    completed.gene.insert(completed.gene.end(), entries.gene.begin(), entries.gene.end());
    completed.count.insert(completed.count.end(), entries.count.begin(), entries.count.end());
  };
  const RowEntries measured = entries_of(counts, cell, proteins_.first, proteins_.end);
  std::int64_t next = 0;
  if (!measured.gene.empty() && !missing_.empty()) {
    const double log_mean = log_mean_of_completed(sum_of_logarithms(measured.count), typical_, static_cast<double>(proteins_.size()));
    for (std::size_t i = 0; i < missing_.size(); ++i) {
      copy(next, missing_[i]);
      completed.gene.push_back(missing_[i]);
      completed.count.push_back(static_cast<float>(std::exp(log_mean + typical_[i])));
      next = missing_[i] + 1;
    }
  }
  copy(next, counts.genes);
  completed.row_begin.push_back(completed.entries());
}

void complete_panel(CountMatrix& counts, const PanelCompletion& completion) {
  if (completion.changes_nothing()) return;
  CountMatrix completed;
  completed.genes = counts.genes;
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) completion.append(counts, cell, completed);
  counts = std::move(completed);
}

}  // namespace plkd

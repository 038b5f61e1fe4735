#pragma once

#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/torch.h"

namespace plkd {

// What a pattern has to do with a cell's label, on a scale that the Student can learn and people can read:
// the Teacher's attention to the pattern (relative to its mean over the reference) times the pattern's
// activity (mean of its genes' expression, each in standard deviations from the reference's mean), divided by
// the deviation of that product. +2: strongly expressed and looked at; -2: conspicuously absent and looked
// at; 0: like the average cell, or not looked at. Attention alone has no sign, and is as high for what is
// missing as for what is there.
class PatternScores {
 public:
  PatternScores() = default;
  PatternScores(const std::vector<Pattern>& patterns,
                const torch::Tensor& expression,  // [cells x genes], of the reference, in the Student's scale
                const torch::Tensor& attention);  // [cells x patterns], as `ask` gives it

  // Clamped to +-5: a lone extreme cell should not rule the fit.
  torch::Tensor operator()(const torch::Tensor& expression, const torch::Tensor& attention) const;

 private:
  torch::Tensor weighed(const torch::Tensor& expression, const torch::Tensor& attention) const;

  torch::Tensor gene_mean_, gene_deviation_;  // [genes]
  torch::Tensor membership_;                  // [genes x patterns], 1 / size of the pattern
  torch::Tensor usual_attention_;             // [patterns]
  torch::Tensor deviation_;                   // [patterns]
};

// Spearman's rank correlations between two sets of scores [cells x patterns].
struct PatternAgreement {
  double across_cells = 0;     // of one pattern's scores over the cells, median over patterns
  double across_patterns = 0;  // of one cell's scores over the patterns, median over cells
};

PatternAgreement pattern_agreement(const torch::Tensor& student, const torch::Tensor& teacher);

}  // namespace plkd

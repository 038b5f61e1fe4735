#include "shared/preprocess/highly_variable.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace plkd {
namespace {

constexpr std::size_t kBins = 20;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

struct GeneMoments {
  std::vector<std::int64_t> seen_in;  // [genes], cells
  std::vector<double> mean;           // [genes], of the expression without its logarithm
  std::vector<double> variance;       // [genes], unbiased
};

GeneMoments moments_of(const CountMatrix& expression) {
  const std::size_t genes = index(expression.genes);
  GeneMoments moments{std::vector<std::int64_t>(genes), std::vector<double>(genes),
                      std::vector<double>(genes)};
  for (std::size_t i = 0; i < expression.gene.size(); ++i) {
    const std::size_t g = index(expression.gene[i]);
    const double value = std::expm1(static_cast<double>(expression.count[i]));
    moments.seen_in[g] += value > 0;
    moments.mean[g] += value;
    moments.variance[g] += value * value;
  }
  const double cells = static_cast<double>(expression.cells());
  for (std::size_t g = 0; g < genes; ++g) {
    moments.mean[g] /= cells;
    const double squares = moments.variance[g] - cells * moments.mean[g] * moments.mean[g];
    moments.variance[g] = std::max(0.0, squares) / std::max(1.0, cells - 1);
  }
  return moments;
}

// The best `count` of the candidates, ties to the lower index, in ascending order.
std::vector<std::int32_t> best_genes(const std::vector<double>& score, std::vector<std::int32_t> candidates,
                                     std::int64_t count) {
  std::sort(candidates.begin(), candidates.end(), [&](std::int32_t a, std::int32_t b) {
    return score[index(a)] != score[index(b)] ? score[index(a)] > score[index(b)] : a < b;
  });
  candidates.resize(std::min(candidates.size(), index(std::max<std::int64_t>(count, 0))));
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

// Those of genes [first, end) that are seen often enough.
std::vector<std::int32_t> genes_seen(const std::vector<std::int64_t>& seen_in, std::int64_t min_cells,
                                     std::int64_t first, std::int64_t end) {
  std::vector<std::int32_t> genes;
  for (std::int64_t g = first; g < end; ++g) {
    if (seen_in[index(g)] >= std::max<std::int64_t>(min_cells, 1)) genes.push_back(static_cast<std::int32_t>(g));
  }
  return genes;
}

// Which of the equally wide bins of log mean expression each gene falls into.
std::vector<std::size_t> bins_of(const std::vector<std::int32_t>& genes, const GeneMoments& moments) {
  std::vector<double> level;
  for (const std::int32_t g : genes) level.push_back(std::log1p(moments.mean[index(g)]));
  const auto [low, high] = std::minmax_element(level.begin(), level.end());
  const double width = (*high - *low) / static_cast<double>(kBins);
  std::vector<std::size_t> bin;
  for (const double x : level) {
    const double place = width > 0 ? std::floor((x - *low) / width) : 0;
    bin.push_back(std::min(kBins - 1, static_cast<std::size_t>(place)));
  }
  return bin;
}

}  // namespace

std::vector<std::int32_t> highly_variable_genes(const CountMatrix& expression,
                                                const HighlyVariableOptions& options) {
  const GeneMoments moments = moments_of(expression);
  const std::vector<std::int32_t> genes = genes_seen(moments.seen_in, options.min_cells, 0, expression.genes);
  if (genes.empty()) return {};
  const std::vector<std::size_t> bin = bins_of(genes, moments);

  std::vector<double> dispersion;  // [candidates], log of variance / mean
  std::vector<double> sum(kBins), squares(kBins), members(kBins);
  for (std::size_t i = 0; i < genes.size(); ++i) {
    const std::size_t g = index(genes[i]);
    // A gene that never varies has no dispersion: the smallest there is keeps it last in its bin.
    dispersion.push_back(std::log(std::max(moments.variance[g] / moments.mean[g], 1e-12)));
    sum[bin[i]] += dispersion[i];
    squares[bin[i]] += dispersion[i] * dispersion[i];
    members[bin[i]] += 1;
  }
  std::vector<double> score(index(expression.genes));
  for (std::size_t i = 0; i < genes.size(); ++i) {
    const double n = members[bin[i]];
    const double mean = sum[bin[i]] / n;
    const double deviation =
        n > 1 ? std::sqrt(std::max(0.0, squares[bin[i]] - n * mean * mean) / (n - 1)) : 0;
    // Alone in its bin, a gene has nothing to be compared with; Seurat and scanpy call it 1, one deviation
    // up.
    score[index(genes[i])] = deviation > 0 ? (dispersion[i] - mean) / deviation : 1.0;
  }
  return best_genes(score, genes, options.genes);
}

VarianceByLabel::VarianceByLabel(std::int64_t genes, std::int64_t classes)
    : cells_of_(index(classes)), sum_(index(classes * genes)), squares_(index(genes)), seen_in_(index(genes)) {}

void VarianceByLabel::add(const CountMatrix& expression, const std::vector<std::int32_t>& label) {
  assert(static_cast<std::int64_t>(label.size()) == expression.cells());
  const std::size_t genes = squares_.size();
  for (std::size_t cell = 0; cell < label.size(); ++cell) {
    if (label[cell] < 0) continue;
    const std::size_t c = index(label[cell]);
    cells_of_[c] += 1;
    for (std::int64_t i = expression.row_begin[cell]; i < expression.row_begin[cell + 1]; ++i) {
      const std::size_t g = index(expression.gene[index(i)]);
      const double value = expression.count[index(i)];
      sum_[c * genes + g] += value;
      squares_[g] += value * value;
      seen_in_[g] += value > 0;
    }
  }
}

std::vector<std::int32_t> VarianceByLabel::most_varying(const HighlyVariableOptions& options) const {
  return most_varying(options, 0, static_cast<std::int64_t>(squares_.size()));
}

std::vector<std::int32_t> VarianceByLabel::most_varying(const HighlyVariableOptions& options, std::int64_t first,
                                                        std::int64_t end) const {
  double cells = 0, classes = 0;
  for (const double n : cells_of_) {
    cells += n;
    classes += n > 0;
  }
  const std::size_t genes = squares_.size();
  std::vector<double> score(genes);
  for (std::size_t g = index(first); g < index(end); ++g) {
    double total = 0, explained = 0;  // explained: sum over classes of n * mean^2
    for (std::size_t c = 0; c < cells_of_.size(); ++c) {
      if (cells_of_[c] == 0) continue;
      const double class_sum = sum_[c * genes + g];
      total += class_sum;
      explained += class_sum * class_sum / cells_of_[c];
    }
    const double between = std::max(0.0, explained - total * total / std::max(cells, 1.0));
    const double within = std::max(0.0, squares_[g] - explained);
    const double between_mean_square = between / std::max(1.0, classes - 1);
    // 1e-3 keeps a gene that is silent but for one class from an infinite F.
    score[g] = between_mean_square / (within / std::max(1.0, cells - classes) + 1e-3);
  }
  return best_genes(score, genes_seen(seen_in_, options.min_cells, first, end), options.genes);
}

}  // namespace plkd

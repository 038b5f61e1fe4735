#include "shared/integration/lisi.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace plkd {

namespace {

constexpr double kEntropyTolerance = 1e-5;  // the published code's, as is the number of steps
constexpr int kMaxSteps = 50;

struct Weights {
  std::vector<double> weight;  // [neighbours], sum 1
  double entropy = 0;
};

// The nearest neighbour's distance is taken off first: it cancels in the weights and keeps them from
// vanishing together.
Weights weights_at(const float* distance, std::size_t neighbours, double beta) {
  Weights weights;
  double sum = 0, weighted = 0;
  for (std::size_t i = 0; i < neighbours; ++i) {
    const double further = static_cast<double>(distance[i]) - static_cast<double>(distance[0]);
    weights.weight.push_back(std::exp(-beta * further));
    sum += weights.weight.back();
    weighted += further * weights.weight.back();
  }
  for (double& weight : weights.weight) weight /= sum;
  weights.entropy = std::log(sum) + beta * weighted / sum;
  return weights;
}

// Bisects beta until the weights' entropy is log(perplexity).
Weights weights_of(const float* distance, std::size_t neighbours, double perplexity) {
  const double infinity = std::numeric_limits<double>::infinity();
  double beta = 1, low = -infinity, high = infinity;
  Weights weights = weights_at(distance, neighbours, beta);
  for (int step = 0; step < kMaxSteps; ++step) {
    const double excess = weights.entropy - std::log(perplexity);
    if (std::abs(excess) < kEntropyTolerance) break;
    (excess > 0 ? low : high) = beta;
    if (excess > 0)
      beta = high == infinity ? beta * 2 : (beta + high) / 2;
    else
      beta = low == -infinity ? beta / 2 : (beta + low) / 2;
    weights = weights_at(distance, neighbours, beta);
  }
  return weights;
}

}  // namespace

std::vector<double> lisi(const Neighbours& neighbours, const Partition& partition,
                         const LisiOptions& options) {
  const auto k = static_cast<std::size_t>(neighbours.k);
  const double perplexity =
      std::min(options.perplexity, static_cast<double>(neighbours.k + 1) / kNeighboursPerPerplexity);
  std::vector<double> result;
  for (std::size_t cell = 0; cell < partition.group.size(); ++cell) {
    if (k == 0) {
      result.push_back(1);
      continue;
    }
    const Weights weights = weights_of(&neighbours.distance[cell * k], k, perplexity);
    std::vector<double> share(static_cast<std::size_t>(partition.groups));
    for (std::size_t i = 0; i < k; ++i) {
      const auto other = static_cast<std::size_t>(neighbours.cell[cell * k + i]);
      share[static_cast<std::size_t>(partition.group[other])] += weights.weight[i];
    }
    double simpson = 0;
    for (const double of_group : share) simpson += of_group * of_group;
    result.push_back(1 / simpson);
  }
  return result;
}

double median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "shared/integration/neighbour_graph.h"

namespace plkd {

struct LisiOptions {
  // About how many neighbours count: the kernel's width is set for each cell so that its weights have this
  // perplexity. Larger looks further. The neighbours must be kNeighboursPerPerplexity times as many, less the
  // cell itself, as published.
  double perplexity = 30;
};
inline constexpr double kNeighboursPerPerplexity = 3;

// Local inverse Simpson's index of each cell (Korsunsky et al. 2019, Nat Methods 16:1289): how many groups
// there are, in effect, among its neighbours; 1 when all are of one group. Weights are exp(-beta distance),
// as in the published code. With fewer neighbours than asked for, the perplexity shrinks along.
std::vector<double> lisi(const Neighbours& neighbours, const Partition& partition,
                         const LisiOptions& options = {});  // [cells]

double median(std::vector<double> values);

}  // namespace plkd

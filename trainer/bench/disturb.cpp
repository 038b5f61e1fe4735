#include "trainer/bench/disturb.h"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace plkd {
namespace {

double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1.0p-53; }

float thinned(float count, double rate, std::mt19937_64& rng) {
  return static_cast<float>(std::binomial_distribution<std::int64_t>(std::llround(count), rate)(rng));
}

// One flag a gene, exactly this share of them set.
std::vector<char> drawn_genes(std::int64_t genes, double share, std::mt19937_64& rng) {
  std::vector<std::size_t> order(static_cast<std::size_t>(genes));
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng() % i]);
  std::vector<char> is_drawn(order.size(), 0);
  const auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(genes)));
  for (std::size_t i = 0; i < count; ++i) is_drawn[order[i]] = 1;
  return is_drawn;
}

}  // namespace

CountMatrix disturb(const CountMatrix& counts, Disturbance disturbance, double level, std::mt19937_64& rng) {
  const std::vector<char> is_missing =
      drawn_genes(counts.genes, disturbance == Disturbance::MissingGenes ? level : 0, rng);
  CountMatrix disturbed;
  disturbed.genes = counts.genes;
  for (std::size_t cell = 0; cell + 1 < counts.row_begin.size(); ++cell) {
    for (auto i = static_cast<std::size_t>(counts.row_begin[cell]);
         i < static_cast<std::size_t>(counts.row_begin[cell + 1]); ++i) {
      float count = counts.count[i];
      if (disturbance == Disturbance::Depth && level < 1) count = thinned(count, level, rng);
      if (disturbance == Disturbance::Dropout && uniform(rng) < level) count = 0;
      if (is_missing[static_cast<std::size_t>(counts.gene[i])] != 0 || count <= 0) continue;
      disturbed.gene.push_back(counts.gene[i]);
      disturbed.count.push_back(count);
    }
    disturbed.row_begin.push_back(disturbed.entries());
  }
  return disturbed;
}

}  // namespace plkd

#include "shared/simulate/lose_counts.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "shared/simulate/sampling.h"

namespace plkd {

CountMatrix lose_counts(const CountMatrix& counts, const Noise& noise, std::int64_t first) {
  CountMatrix left;
  left.genes = counts.genes;
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) {
    const std::int64_t begin = counts.row_begin[static_cast<std::size_t>(cell)];
    const std::int64_t end = counts.row_begin[static_cast<std::size_t>(cell) + 1];
    const std::span<const float> of_cell(counts.count.data() + begin, counts.count.data() + end);
    const float molecule = molecule_of(of_cell);
    const auto stream = 2 * static_cast<std::uint64_t>(first + cell);
    std::mt19937_64 of_genes = sampling::generator(noise.seed, stream);
    std::mt19937_64 of_molecules = sampling::generator(noise.seed, stream + 1);
    for (std::size_t entry = 0; entry < of_cell.size(); ++entry) {
      float kept = of_cell[entry];
      if (noise.dropout > 0 && sampling::uniform(of_genes) < noise.dropout) kept = 0;
      if (noise.depth < 1 && kept > 0) {
        const std::int64_t all = molecules_in(kept, molecule);
        // In this order whole counts stay whole.
        kept = kept / static_cast<float>(all) * static_cast<float>(sampling::binomial(all, noise.depth, of_molecules));
      }
      if (kept <= 0) continue;
      left.gene.push_back(counts.gene[static_cast<std::size_t>(begin) + entry]);
      left.count.push_back(kept);
    }
    left.row_begin.push_back(left.entries());
  }
  return left;
}

float molecule_of(std::span<const float> counts) {
  float smallest = 0;
  bool is_whole = true;
  for (const float count : counts) {
    if (count <= 0) continue;
    if (smallest == 0 || count < smallest) smallest = count;
    is_whole = is_whole && count == std::round(count);
  }
  return is_whole && smallest > 0 ? 1 : smallest;
}

std::int64_t molecules_in(float count, float molecule) {
  return std::max<std::int64_t>(1, std::llround(count / molecule));
}

}  // namespace plkd

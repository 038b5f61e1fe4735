#pragma once

#include <cstdint>
#include <span>

#include "shared/counts/count_matrix.h"

namespace plkd {

// What a laboratory with less luck would have seen of the same cells.
struct Noise {
  // Chance of each molecule to be counted. Lowering it is sequencing less deeply.
  double depth = 1;
  // Chance of each gene that a cell expresses to escape it altogether.
  double dropout = 0;
  std::uint64_t seed = 1;
};

// Counts of cells [first, ...) as it would have seen them. A cell's noise depends on the seed and its number alone, so any range
// gives the same cells; which genes are lost does not depend on the depth. Full depth without dropout changes nothing. Counts
// that are not whole are thinned by the molecules they stand for, see molecule_of.
CountMatrix lose_counts(const CountMatrix& counts, const Noise& noise, std::int64_t first);

// What one molecule of a cell counts for: 1 among whole numbers, else (corrected counts, a logarithm undone) the cell's smallest
// value, which in normalised cells almost surely was a count of 1. 0 in a cell without counts.
float molecule_of(std::span<const float> counts);

// How many of them a count stands for, at least one.
std::int64_t molecules_in(float count, float molecule);

}  // namespace plkd

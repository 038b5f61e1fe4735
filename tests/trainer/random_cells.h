#pragma once

#include "tests/support/matrices.h"
#include "trainer/data/cells.h"

namespace plkd::test {

// Cells of one class with random_counts; their libraries are the sums of these.
inline Cells random_cells(std::mt19937_64& rng, std::int64_t cells, std::int64_t features, double density) {
  Cells result;
  result.counts = random_counts(rng, cells, features, density);
  result.library = library_sizes(result.counts);
  result.label.assign(static_cast<std::size_t>(cells), 0);
  return result;
}

}  // namespace plkd::test

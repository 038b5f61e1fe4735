#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plkd {

// Counts of some cells over all genes of their source, in compressed sparse rows: what every reader returns and
// what alignment and normalisation take. After `log_normalise` the values are expression, not counts.
struct CountMatrix {
  std::int64_t genes = 0;
  std::vector<std::int64_t> row_begin = {0};  // [cells + 1], row_begin[0] == 0
  std::vector<std::int32_t> gene;             // [entries], ascending within a cell
  std::vector<float> count;                   // [entries], finite, >= 0

  std::int64_t cells() const { return static_cast<std::int64_t>(row_begin.size()) - 1; }
  std::int64_t entries() const { return static_cast<std::int64_t>(gene.size()); }
};

// Throws BadInput naming `source` and the first cell that breaks an invariant above. Readers call it once a slice.
void validate(const CountMatrix& counts, const std::string& source);

// Sum of each cell's counts over all genes, in double because a deep cell can pass 2^24 counts.
std::vector<double> library_sizes(const CountMatrix& counts);  // [cells]

// Only the chosen cells, in the order given.
CountMatrix select_cells(const CountMatrix& counts, const std::vector<std::int64_t>& cells);
// Cells [first, end).
CountMatrix select_cells(const CountMatrix& counts, std::int64_t first, std::int64_t end);

// Cells as genes and genes as cells: what is stored gene by gene becomes cells.
CountMatrix transpose(const CountMatrix& counts);

// Cells of `below` appended under those of `above`; both must have the same genes.
void append_cells(CountMatrix& above, const CountMatrix& below);

// Cells of both with their entries one behind the other: those of `first` are of genes before all those of `second`.
CountMatrix beside(const CountMatrix& first, const CountMatrix& second);

}  // namespace plkd

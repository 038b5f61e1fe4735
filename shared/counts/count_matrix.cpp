#include "shared/counts/count_matrix.h"

#include <cmath>
#include <numeric>

#include "shared/error.h"

namespace plkd {

namespace {

[[noreturn]] void fail_at(const std::string& source, std::int64_t cell, const std::string& what, const std::string& hint) {
  throw Error(ErrorKind::BadInput, source + ": cell " + std::to_string(cell + 1) + " " + what, hint);
}

}  // namespace

void validate(const CountMatrix& counts, const std::string& source) {
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) {
    const auto begin = static_cast<std::size_t>(counts.row_begin[static_cast<std::size_t>(cell)]);
    const auto end = static_cast<std::size_t>(counts.row_begin[static_cast<std::size_t>(cell) + 1]);
    std::int32_t previous = -1;
    for (std::size_t entry = begin; entry < end; ++entry) {
      const std::int32_t gene = counts.gene[entry];
      if (gene <= previous || gene >= counts.genes)
        fail_at(source, cell, "has gene index " + std::to_string(gene) + ", expected ascending indices below " +
                                  std::to_string(counts.genes),
                "the file is damaged, write it again");
      previous = gene;
      const float count = counts.count[entry];
      if (!std::isfinite(count)) fail_at(source, cell, "has a count that is not a number", "remove or repair that cell");
      if (count < 0)
        fail_at(source, cell, "has a negative count: the matrix looks scaled",
                "give raw counts, for example the slot 'raw.X' or a layer of an h5ad");
    }
  }
}

// Four sums, because an addition waits for the one before; of whole numbers they are exact in any order.
std::vector<double> library_sizes(const CountMatrix& counts) {
  std::vector<double> library(static_cast<std::size_t>(counts.cells()));
  for (std::size_t cell = 0; cell < library.size(); ++cell) {
    const float* count = counts.count.data() + counts.row_begin[cell];
    const float* const end = counts.count.data() + counts.row_begin[cell + 1];
    double sum[4] = {};
    for (; end - count >= 4; count += 4)
      for (int part = 0; part < 4; ++part) sum[part] += static_cast<double>(count[part]);
    for (; count < end; ++count) sum[0] += static_cast<double>(*count);
    library[cell] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
  return library;
}

CountMatrix select_cells(const CountMatrix& counts, const std::vector<std::int64_t>& cells) {
  CountMatrix chosen;
  chosen.genes = counts.genes;
  chosen.row_begin.reserve(cells.size() + 1);
  for (const std::int64_t cell : cells) {
    const std::int64_t begin = counts.row_begin[static_cast<std::size_t>(cell)];
    const std::int64_t end = counts.row_begin[static_cast<std::size_t>(cell) + 1];
    chosen.gene.insert(chosen.gene.end(), counts.gene.data() + begin, counts.gene.data() + end);
    chosen.count.insert(chosen.count.end(), counts.count.data() + begin, counts.count.data() + end);
    chosen.row_begin.push_back(chosen.entries());
  }
  return chosen;
}

CountMatrix select_cells(const CountMatrix& counts, std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> cells(static_cast<std::size_t>(end - first));
  std::iota(cells.begin(), cells.end(), first);
  return select_cells(counts, cells);
}

CountMatrix transpose(const CountMatrix& counts) {
  CountMatrix turned;
  turned.genes = counts.cells();
  turned.row_begin.assign(static_cast<std::size_t>(counts.genes) + 1, 0);
  for (const std::int32_t row : counts.gene) ++turned.row_begin[static_cast<std::size_t>(row) + 1];
  std::partial_sum(turned.row_begin.begin(), turned.row_begin.end(), turned.row_begin.begin());
  turned.gene.resize(counts.gene.size());
  turned.count.resize(counts.gene.size());
  std::vector<std::int64_t> next(turned.row_begin.begin(), turned.row_begin.end() - 1);
  for (std::size_t cell = 0; cell + 1 < counts.row_begin.size(); ++cell) {
    for (std::int64_t entry = counts.row_begin[cell]; entry < counts.row_begin[cell + 1]; ++entry) {
      const auto from = static_cast<std::size_t>(entry);
      const auto to = static_cast<std::size_t>(next[static_cast<std::size_t>(counts.gene[from])]++);
      turned.gene[to] = static_cast<std::int32_t>(cell);
      turned.count[to] = counts.count[from];
    }
  }
  return turned;
}

void append_cells(CountMatrix& above, const CountMatrix& below) {
  if (above.cells() == 0) above.genes = below.genes;
  if (above.genes != below.genes) throw Error(ErrorKind::Internal, "append_cells: the matrices differ in genes");
  const std::int64_t offset = above.entries();
  above.gene.insert(above.gene.end(), below.gene.begin(), below.gene.end());
  above.count.insert(above.count.end(), below.count.begin(), below.count.end());
  for (std::size_t cell = 1; cell < below.row_begin.size(); ++cell)
    above.row_begin.push_back(offset + below.row_begin[cell]);
}

CountMatrix beside(const CountMatrix& first, const CountMatrix& second) {
  CountMatrix both;
  both.genes = std::max(first.genes, second.genes);
  both.row_begin.reserve(first.row_begin.size());
  both.gene.reserve(first.gene.size() + second.gene.size());
  both.count.reserve(first.count.size() + second.count.size());
  for (std::size_t cell = 0; cell + 1 < first.row_begin.size(); ++cell) {
    for (const CountMatrix* each : {&first, &second}) {
      both.gene.insert(both.gene.end(), each->gene.data() + each->row_begin[cell], each->gene.data() + each->row_begin[cell + 1]);
      both.count.insert(both.count.end(), each->count.data() + each->row_begin[cell], each->count.data() + each->row_begin[cell + 1]);
    }
    both.row_begin.push_back(both.entries());
  }
  return both;
}

}  // namespace plkd

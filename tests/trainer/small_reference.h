#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "shared/counts/h5ad.h"
#include "tests/support/matrices.h"
#include "trainer/data/cell_store.h"
#include "trainer/data/reference.h"

namespace plkd::test {

// Counts of three types over numbered genes: gene g is high in type g % 4, and every fourth gene in none.
inline CountMatrix typed_counts(std::int64_t cells, std::int64_t genes, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::poisson_distribution<int> low(0.3), high(3);
  std::vector<std::vector<float>> rows;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    rows.emplace_back();
    for (std::int64_t gene = 0; gene < genes; ++gene) {
      rows.back().push_back(static_cast<float>(gene % 4 == cell % 3 ? high(rng) : low(rng)));
    }
    rows.back()[0] += 1;  // no cell is empty
  }
  CountMatrix counts = matrix_of(rows);
  counts.genes = genes;
  return counts;
}

// A file that is gone when the test is.
class ScratchFile {
 public:
  explicit ScratchFile(std::string path) : path_(std::move(path)) {}
  ~ScratchFile() { std::remove(path_.c_str()); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The type of each cell as a column: "type 0", "type 1", "type 2", in turn.
inline CellColumn type_column(std::int64_t cells) {
  CellColumn column{"cell_type", {"type 0", "type 1", "type 2"}, {}};
  for (std::int64_t cell = 0; cell < cells; ++cell)
    column.code.push_back(static_cast<std::int32_t>(cell % 3));
  return column;
}

inline void write_cells(const std::string& path, const CountMatrix& counts, const GeneVocabulary& genes,
                        const std::vector<CellColumn>& columns) {
  std::vector<std::string> names;
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) names.push_back("cell" + std::to_string(cell));
  H5adWriter writer(path, genes);
  writer.append(counts, names);
  writer.finish(columns);
}

// All counts of a reference at once.
inline Cells all_cells(const Reference& reference) {
  std::vector<std::int32_t> genes;
  for (std::int32_t gene = 0; gene < reference.genes.size(); ++gene) genes.push_back(gene);
  Cells cells;
  cells.counts.genes = reference.genes.size();
  read_cells(reference, genes, "", Verbosity::Quiet, [&](std::int64_t, const Cells& slice) {
    append_cells(cells.counts, slice.counts);
    cells.library.insert(cells.library.end(), slice.library.begin(), slice.library.end());
    cells.label.insert(cells.label.end(), slice.label.begin(), slice.label.end());
  });
  return cells;
}

// A store of those cells alone.
inline StoredCells stored(const Cells& cells) {
  const auto store = std::make_shared<CellStore>(cells.counts.genes, KeptIn::Memory, "");
  store->append(cells);
  std::vector<std::int64_t> all;
  for (std::int64_t cell = 0; cell < cells.size(); ++cell) all.push_back(cell);
  return stored_cells(store, all);
}

inline ReferenceOptions options_for(const std::vector<std::string>& files) {
  ReferenceOptions options;
  options.files = files;
  options.labels = "cell_type";
  return options;
}

}  // namespace plkd::test

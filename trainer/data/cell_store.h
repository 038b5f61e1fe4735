#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trainer/data/cells.h"

namespace plkd {

// Where the counts of a training lie. Disk: in a file without a name, gone with the program, which the system keeps
// in memory only as far as there is room, so that counts may be larger than memory.
enum class KeptIn { Memory, Disk };

// Labelled cells, added one after another, then read in any order. Of a cell 8 bytes for each count that is not 0 lie
// there; its label, library and place take 20 bytes of memory.
class CellStore {
 public:
  // `folder`: of the file. Throws BadInput when there can be none.
  CellStore(std::int64_t genes, KeptIn kept_in, const std::string& folder);
  ~CellStore();
  CellStore(const CellStore&) = delete;
  CellStore& operator=(const CellStore&) = delete;

  void append(const Cells& cells);
  Cells select(const std::vector<std::int64_t>& chosen) const;  // in the order given

  std::int64_t genes() const { return genes_; }
  std::int64_t entries() const { return row_begin_.back(); }
  const std::vector<std::int32_t>& label() const { return label_; }  // [cells], class

 private:
  struct Entry {
    std::int32_t gene;
    float count;
  };
  void unmap();

  std::int64_t genes_;
  std::string folder_;  // empty: in memory
  int file_;
  const Entry* entries_ = nullptr;  // [entries], in memory
  std::vector<std::int64_t> row_begin_ = {0};
  std::vector<double> library_;
  std::vector<std::int32_t> label_;
};

// Some cells of a store, in an order of their own.
struct StoredCells {
  std::shared_ptr<const CellStore> store;
  std::vector<std::int64_t> cell;   // [cells], in the store
  std::vector<std::int32_t> label;  // [cells], class

  std::int64_t size() const { return static_cast<std::int64_t>(cell.size()); }
  std::int64_t genes() const { return store->genes(); }
};

StoredCells stored_cells(std::shared_ptr<const CellStore> store, const std::vector<std::int64_t>& cell);

// The chosen ones, in the order given.
StoredCells subset(const StoredCells& cells, const std::vector<std::int64_t>& chosen);
Cells select(const StoredCells& cells, const std::vector<std::int64_t>& chosen);
Cells read(const StoredCells& cells);  // all of them

// All cells of `first`, then all of `second`, of the same store.
StoredCells join(const StoredCells& first, const StoredCells& second);

// No more cells than this are spread out, [cells x genes], or annotated at once.
constexpr std::int64_t kTypicalCells = 8192;
// All cells, or `most` of them, evenly spaced.
StoredCells evenly_spaced(const StoredCells& cells, std::int64_t most);
// All cells, or so many that means, deviations and scores are as good as those of all.
Cells typical_cells(const StoredCells& cells);

// All cells in order, that many at a time.
void for_each_slice(const StoredCells& cells, const std::function<void(const Cells& slice)>& work);

}  // namespace plkd

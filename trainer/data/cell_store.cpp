#include "trainer/data/cell_store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <utility>

#include "shared/error.h"

namespace plkd {
namespace {

Error no_room(const std::string& folder) {
  return {ErrorKind::BadInput,
          (folder.empty() ? "memory" : folder) + ": training cells cannot be kept here: " + std::strerror(errno),
          "make room for 8 bytes a count, put --out into another folder, or raise --memory"};
}

}  // namespace

CellStore::CellStore(std::int64_t genes, KeptIn kept_in, const std::string& folder)
    : genes_(genes),
      folder_(kept_in == KeptIn::Memory ? "" : folder),
      file_(kept_in == KeptIn::Memory ? memfd_create("training cells", MFD_CLOEXEC)
                                      : open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw no_room(folder_);
}

CellStore::~CellStore() {
  unmap();
  close(file_);
}

void CellStore::unmap() {
  if (entries_ != nullptr) munmap(const_cast<Entry*>(entries_), at(entries()) * sizeof(Entry));
  entries_ = nullptr;
}

void CellStore::append(const Cells& cells) {
  const CountMatrix& counts = cells.counts;
  std::vector<Entry> added;
  for (std::size_t i = 0; i < counts.gene.size(); ++i) added.push_back({counts.gene[i], counts.count[i]});
  const char* bytes = reinterpret_cast<const char*>(added.data());
  for (std::size_t left = added.size() * sizeof(Entry); left > 0;) {
    const ssize_t written = write(file_, bytes, left);
    if (written <= 0) throw no_room(folder_);
    bytes += written;
    left -= static_cast<std::size_t>(written);
  }
  unmap();
  const std::int64_t before = entries();
  for (std::int64_t cell = 1; cell <= counts.cells(); ++cell)
    row_begin_.push_back(before + counts.row_begin[at(cell)]);
  library_.insert(library_.end(), cells.library.begin(), cells.library.end());
  label_.insert(label_.end(), cells.label.begin(), cells.label.end());
  if (entries() == 0 || !folder_.empty()) return;
  void* mapped = mmap(nullptr, at(entries()) * sizeof(Entry), PROT_READ, MAP_SHARED, file_, 0);
  if (mapped == MAP_FAILED) throw no_room(folder_);
  entries_ = static_cast<const Entry*>(mapped);
}

Cells CellStore::select(const std::vector<std::int64_t>& chosen) const {
  Cells cells;
  cells.counts.genes = genes_;
  std::vector<Entry> read;
  for (const std::int64_t cell : chosen) {
    const std::int64_t begin = row_begin_[at(cell)], count = row_begin_[at(cell + 1)] - begin;
    const Entry* entry = folder_.empty() ? entries_ + begin : nullptr;
    if (!folder_.empty()) {  // not mapped, so that what the system keeps of the file is not taken for the program's
      read.resize(at(count));
      const auto bytes = static_cast<ssize_t>(at(count) * sizeof(Entry));
      if (pread(file_, read.data(), at(bytes), begin * static_cast<off_t>(sizeof(Entry))) != bytes)
        throw Error(ErrorKind::Internal,
                    folder_ + ": training cells kept here cannot be read: " + std::strerror(errno));
      entry = read.data();
    }
    for (std::int64_t i = 0; i < count; ++i) {
      cells.counts.gene.push_back(entry[i].gene);
      cells.counts.count.push_back(entry[i].count);
    }
    cells.counts.row_begin.push_back(cells.counts.entries());
    cells.library.push_back(library_[at(cell)]);
    cells.label.push_back(label_[at(cell)]);
  }
  return cells;
}

StoredCells stored_cells(std::shared_ptr<const CellStore> store, const std::vector<std::int64_t>& cell) {
  StoredCells cells{std::move(store), cell, {}};
  for (const std::int64_t one : cell) cells.label.push_back(cells.store->label()[at(one)]);
  return cells;
}

StoredCells subset(const StoredCells& cells, const std::vector<std::int64_t>& chosen) {
  StoredCells some{cells.store, {}, {}};
  for (const std::int64_t i : chosen) {
    some.cell.push_back(cells.cell[at(i)]);
    some.label.push_back(cells.label[at(i)]);
  }
  return some;
}

Cells select(const StoredCells& cells, const std::vector<std::int64_t>& chosen) {
  return cells.store->select(subset(cells, chosen).cell);
}

StoredCells join(const StoredCells& first, const StoredCells& second) {
  assert(first.store == second.store);
  StoredCells all = first;
  all.cell.insert(all.cell.end(), second.cell.begin(), second.cell.end());
  all.label.insert(all.label.end(), second.label.begin(), second.label.end());
  return all;
}

Cells read(const StoredCells& cells) { return cells.store->select(cells.cell); }

StoredCells evenly_spaced(const StoredCells& cells, std::int64_t most) {
  if (cells.size() <= most) return cells;
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < most; ++i) chosen.push_back(i * cells.size() / most);
  return subset(cells, chosen);
}

Cells typical_cells(const StoredCells& cells) { return read(evenly_spaced(cells, kTypicalCells)); }

void for_each_slice(const StoredCells& cells, const std::function<void(const Cells& slice)>& work) {
  for (std::int64_t first = 0; first < cells.size(); first += kTypicalCells) {
    std::vector<std::int64_t> chosen(at(std::min(kTypicalCells, cells.size() - first)));
    std::iota(chosen.begin(), chosen.end(), first);
    work(select(cells, chosen));
  }
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <string>

#include "shared/counts/text_lines.h"

namespace plkd {

// One line of a matrix, counted from 0. The count is finite and not negative.
struct MtxEntry {
  std::int32_t row = 0;
  std::int32_t cell = 0;
  float count = 0;
};

// A MatrixMarket file of genes x cells behind its header, checked and read entry by entry. Throws BadInput with the number of a bad line.
class MtxEntries {
 public:
  explicit MtxEntries(const std::string& path);

  std::int64_t rows() const { return rows_; }
  std::int64_t cells() const { return cells_; }
  std::int64_t entries() const { return entries_; }  // as the header has it

  // The next entry, until the next call; nullptr behind the last.
  const MtxEntry* next();
  TextLines::Place place() const { return lines_.place(); }
  void seek(const TextLines::Place& place) { lines_.seek(place); }
  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const { lines_.fail(problem, hint); }

 private:
  void check_banner();
  void read_sizes();
  bool take_plain_line();
  const MtxEntry* take_any_line();
  void check_index(const char* what, std::int64_t index, std::int64_t limit) const;

  TextLines lines_;
  std::int64_t rows_ = 0;
  std::int64_t cells_ = 0;
  std::int64_t entries_ = 0;
  MtxEntry entry_;
};

}  // namespace plkd

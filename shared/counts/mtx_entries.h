#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/counts/text_lines.h"

namespace plkd {

// Lines of a matrix that follow one another and are of one cell, counted from 0. Counts are finite and not negative.
struct MtxRun {
  std::int32_t cell = 0;
  std::span<const std::int32_t> row;
  std::span<const float> count;
  TextLines::Place place;  // where the first begins
};

// A MatrixMarket file of genes x cells behind its header, checked and read cell by cell. Throws BadInput with the number of a bad line.
class MtxEntries {
 public:
  explicit MtxEntries(const std::string& path);

  std::int64_t rows() const { return rows_; }
  std::int64_t cells() const { return cells_; }
  std::int64_t entries() const { return entries_; }  // as the header has it

  // The next run, until the next call; nullptr behind the last. A cell of very many lines comes in several.
  const MtxRun* next();
  // To the first line, or to the place of a run.
  TextLines::Place start() const { return start_; }
  void seek(const TextLines::Place& place);
  // See byte_source.h.
  nlohmann::json marks() const;
  void take_marks(const nlohmann::json& marks);
  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const { lines_.fail(problem, hint); }

 private:
  void check_banner();
  void read_sizes();
  bool take_line();
  bool take_plain_line();
  bool take_any_line();
  void check_index(const char* what, std::int64_t index, std::int64_t limit) const;

  TextLines lines_;
  std::int64_t rows_ = 0;
  std::int64_t cells_ = 0;
  std::int64_t entries_ = 0;
  TextLines::Place start_;
  // The line taken last, and where it begins: none yet of a run, or of the next one.
  bool has_line_ = false;
  TextLines::Place place_;
  std::int32_t row_ = 0;
  std::int32_t cell_ = 0;
  float count_ = 0;
  MtxRun run_;
  std::vector<std::int32_t> run_row_;
  std::vector<float> run_count_;
};

}  // namespace plkd

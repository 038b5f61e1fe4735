#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/counts/delimited_layout.h"
#include "shared/counts/text_lines.h"

namespace plkd {

// The lines of a text table of counts. Every failure is a BadInput with the line's number.
class DelimitedTable {
 public:
  explicit DelimitedTable(const std::string& path);

  const DelimitedLayout& layout() const { return layout_; }
  TextLines::Place place() const { return lines_.place(); }
  void seek(const TextLines::Place& place) { lines_.seek(place); }
  // See byte_source.h.
  nlohmann::json marks() const;
  void take_marks(const nlohmann::json& marks);

  // Goes to the next line; false after the last.
  bool next();
  // The line's words in layout().names and then in each of layout().words.
  std::vector<std::string> words() const;
  // Appends the line's counts that are not 0, and their columns from 0 for layout().first_count.
  void append_counts(std::vector<std::int32_t>& column, std::vector<float>& count) const;

  [[noreturn]] void fail(std::int64_t line, const std::string& problem, const std::string& hint) const;

 private:
  std::size_t skip_words() const;
  double number(std::string_view field, std::size_t column) const;
  [[noreturn]] void fail_ragged() const;

  std::string path_;
  TextLines lines_;
  DelimitedLayout layout_;
  std::string_view line_;
};

}  // namespace plkd

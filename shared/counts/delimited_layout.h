#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/counts/text_lines.h"

namespace plkd {

// How a text table of counts is laid out, told from its first lines. Columns before and after those of counts hold words:
// names, and what else is known of the rows.
struct DelimitedLayout {
  enum class Rows { Cells, Genes };

  char separator = ',';
  std::vector<std::string> column;  // [columns] their names; "" for the corner that R leaves out
  std::size_t first_count = 0;      // columns [first_count, end_count) hold counts
  std::size_t end_count = 0;
  std::size_t names = 0;            // the column that names the rows
  std::vector<std::size_t> words;   // the other columns of words
  Rows rows = Rows::Cells;
  bool is_sure = true;              // rows and columns differ clearly
  TextLines::Place first_line;      // of counts

  std::vector<std::string> counted() const {
    return {column.data() + first_count, column.data() + end_count};
  }
};

// Leaves `lines` at the first line of counts. Throws BadInput when the file at `path` is no such table, or when neither axis
// can be told to be genes.
DelimitedLayout find_layout(TextLines& lines, const std::string& path);

// A field from `at` on, without quotes; `at` moves behind its separator, beyond the line's end when it is the last.
std::string take_field(std::string_view line, std::size_t& at, char separator);

}  // namespace plkd

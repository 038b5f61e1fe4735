#include "shared/counts/delimited_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "shared/counts/delimited_number.h"
#include "shared/counts/utf8.h"
#include "shared/error.h"

namespace plkd {
namespace {

constexpr std::size_t kMostDigits = 9;  // of a whole number that fits 32 bits

// Columns of zeros as R and as pandas write them, eight letters at a time: most of a table is that.
struct Zeros {
  std::array<char, 8> text;
  std::size_t columns;
};

}  // namespace

DelimitedTable::DelimitedTable(const std::string& path) : path_(path), lines_(path), layout_(find_layout(lines_, path)) {}

nlohmann::json DelimitedTable::marks() const { return lines_.marks(); }

void DelimitedTable::take_marks(const nlohmann::json& marks) { lines_.take_marks(marks); }

void DelimitedTable::fail(std::int64_t line, const std::string& problem, const std::string& hint) const {
  throw Error(ErrorKind::BadInput, path_ + ":" + std::to_string(line) + ": " + problem, hint);
}

void DelimitedTable::fail_ragged() const {
  fail(lines_.number(),
       std::to_string(delimited_fields(line_, layout_.separator).size()) + " fields where the first line has " +
           std::to_string(layout_.column.size()),
       "is the file cut short, or is a name with the separator in it not in quotes?");
}

bool DelimitedTable::next() {
  auto line = lines_.next();
  while (line && line->empty()) {
    line = lines_.next();
    if (line && !line->empty()) fail(lines_.number() - 1, "an empty line", "only the last lines may be empty");
  }
  line_ = line.value_or("");
  return line.has_value();
}

std::vector<std::string> DelimitedTable::words() const {
  std::vector<std::string> words(1 + layout_.words.size());
  const std::size_t last = std::max(layout_.names, layout_.words.empty() ? 0 : layout_.words.back());
  std::size_t at = 0;
  for (std::size_t column = 0; column <= last; ++column) {
    if (at > line_.size()) fail_ragged();
    const bool is_count = column >= layout_.first_count && column < layout_.end_count;
    if (is_count) {
      at = std::min(line_.find(layout_.separator, at), line_.size()) + 1;
      continue;
    }
    std::string word = take_field(line_, at, layout_.separator);
    if (!is_utf8(word)) fail(lines_.number(), "the name in column " + std::to_string(column + 1) + " is not UTF-8", "save the table as UTF-8");
    const auto other = std::find(layout_.words.begin(), layout_.words.end(), column);
    if (column == layout_.names)
      words[0] = std::move(word);
    else if (other != layout_.words.end())
      words[static_cast<std::size_t>(other - layout_.words.begin()) + 1] = std::move(word);
  }
  return words;
}

std::size_t DelimitedTable::skip_words() const {
  std::size_t at = 0;
  for (std::size_t column = 0; column < layout_.first_count && at <= line_.size(); ++column)
    take_field(line_, at, layout_.separator);
  return at;
}

void DelimitedTable::append_counts(std::vector<std::int32_t>& column, std::vector<float>& count) const {
  const char separator = layout_.separator;
  const std::array<Zeros, 2> kinds = {{{{'0', separator, '0', separator, '0', separator, '0', separator}, 4},
                                       {{'0', '.', '0', separator, '0', '.', '0', separator}, 2}}};
  const std::size_t columns = layout_.end_count - layout_.first_count;
  const char* const text = line_.data();
  const std::size_t size = line_.size();
  std::size_t at = skip_words();
  std::size_t k = 0;
  const auto skip_zeros = [&](const Zeros& zeros) {
    while (k + zeros.columns <= columns && at + zeros.text.size() <= size &&
           std::memcmp(text + at, zeros.text.data(), zeros.text.size()) == 0) {
      k += zeros.columns;
      at += zeros.text.size();
    }
  };
  while (true) {
    for (const Zeros& zeros : kinds) skip_zeros(zeros);
    if (k == columns) break;
    if (at > size) fail_ragged();
    std::size_t end = at;
    std::uint32_t whole = 0;
    for (; end < size && end - at < kMostDigits && text[end] >= '0' && text[end] <= '9'; ++end)
      whole = 10 * whole + static_cast<std::uint32_t>(text[end] - '0');
    float value = static_cast<float>(whole);
    if (end == at || (end < size && text[end] != separator)) {
      end = std::min(line_.find(separator, end), size);
      value = static_cast<float>(number(line_.substr(at, end - at), k));
    }
    if (value != 0) {
      column.push_back(static_cast<std::int32_t>(k));
      count.push_back(value);
    }
    at = end + 1;
    ++k;
  }
  for (std::size_t word = layout_.end_count; word < layout_.column.size(); ++word) {
    if (at > size) fail_ragged();
    take_field(line_, at, separator);
  }
  if (at <= size) fail_ragged();
}

double DelimitedTable::number(std::string_view field, std::size_t column) const {
  const std::optional<double> number = parse_number(field);
  if (number && *number >= 0) return *number;
  if (!number && delimited_fields(line_, layout_.separator).size() != layout_.column.size()) fail_ragged();
  const std::string where = " in column '" + layout_.column[layout_.first_count + column] + "'";
  if (number)
    fail(lines_.number(), std::string(field) + where + ": the matrix looks scaled, and raw counts are needed",
         "export the raw counts: the layer 'counts' of Seurat, or the adata.raw or a layer of scanpy");
  if (is_missing(field))
    fail(lines_.number(), "'" + std::string(field) + "'" + where + " where a count is expected",
         "no count may be missing: export the raw counts, with 0 for what was not seen");
  fail(lines_.number(), "'" + std::string(field.substr(0, 40)) + "'" + where + " where a count is expected",
       "words may stand only before and after the columns of counts");
}

}  // namespace plkd

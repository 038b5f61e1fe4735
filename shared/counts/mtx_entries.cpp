#include "shared/counts/mtx_entries.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "shared/text.h"

namespace plkd {
namespace {

constexpr const char* kDamaged = "the file is damaged: copy or write it again";
constexpr std::size_t kLongestPlain = 64;  // more than three numbers of kMostDigits and what is between them
constexpr int kMostDigits = 9;
constexpr std::size_t kLongestRun = std::size_t{1} << 16;

std::string_view next_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

// -1 when the word is no whole number below 10^18.
std::int64_t whole_number(std::string_view word) {
  if (word.empty() || word.size() > 18) return -1;
  std::int64_t number = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9') return -1;
    number = 10 * number + (digit - '0');
  }
  return number;
}

std::optional<float> real_number(std::string_view word) {
  if (const std::int64_t whole = whole_number(word); whole >= 0) return static_cast<float>(whole);
  const std::string text(word);
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return static_cast<float>(number);
}

struct Digits {
  std::uint32_t number = 0;
  const char* end = nullptr;
};

Digits digits_at(const char* text) {
  Digits digits{0, text};
  for (const char* last = text + kMostDigits; digits.end < last; ++digits.end) {
    const auto digit = static_cast<std::uint32_t>(*digits.end - '0');
    if (digit > 9) break;
    digits.number = 10 * digits.number + digit;
  }
  return digits;
}

}  // namespace

MtxEntries::MtxEntries(const std::string& path) : lines_(path), run_row_(kLongestRun), run_count_(kLongestRun) {
  check_banner();
  read_sizes();
  start_ = lines_.place();
}

void MtxEntries::check_banner() {
  const auto line = lines_.next();
  std::string_view rest = line ? *line : std::string_view();
  const std::string banner = lower_case(std::string(next_word(rest)));
  const std::string object = lower_case(std::string(next_word(rest)));
  const std::string layout = lower_case(std::string(next_word(rest)));
  const std::string field = lower_case(std::string(next_word(rest)));
  const std::string symmetry = lower_case(std::string(next_word(rest)));
  if (banner != "%%matrixmarket") fail("no MatrixMarket file", "its first line must start with %%MatrixMarket");
  const bool is_known = object == "matrix" && layout == "coordinate" && symmetry == "general" &&
                        (field == "integer" || field == "real");
  if (!is_known) {
    fail("a MatrixMarket file of the kind '" + object + " " + layout + " " + field + " " + symmetry + "'",
         "'matrix coordinate integer general' or '... real general' is read: export the counts so");
  }
}

void MtxEntries::read_sizes() {
  auto line = lines_.next();
  while (line && (line->empty() || line->front() == '%')) line = lines_.next();
  std::string_view rest = line ? *line : std::string_view();
  rows_ = whole_number(next_word(rest));
  cells_ = whole_number(next_word(rest));
  entries_ = whole_number(next_word(rest));
  if (rows_ < 0 || cells_ < 0 || entries_ < 0) fail("no sizes 'genes cells entries'", kDamaged);
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (rows_ > kMost || cells_ > kMost) fail("claims " + std::to_string(rows_) + " genes x " + std::to_string(cells_) + " cells", kDamaged);
}

// In one loop, because in WebAssembly what may throw is slow to call where something has to be tidied up.
const MtxRun* MtxEntries::next() {
  if (!has_line_) has_line_ = take_line();
  if (!has_line_) return nullptr;
  run_.cell = cell_;
  run_.place = place_;
  std::size_t size = 0;
  do {
    run_row_[size] = row_;
    run_count_[size++] = count_;
    has_line_ = take_line();
  } while (has_line_ && cell_ == run_.cell && size < kLongestRun);
  run_.row = std::span(run_row_).first(size);
  run_.count = std::span(run_count_).first(size);
  return &run_;
}

void MtxEntries::seek(const TextLines::Place& place) {
  lines_.seek(place);
  has_line_ = false;
}

nlohmann::json MtxEntries::marks() const { return lines_.marks(); }

void MtxEntries::take_marks(const nlohmann::json& marks) { lines_.take_marks(marks); }

bool MtxEntries::take_line() {
  place_ = lines_.place();
  return take_plain_line() || take_any_line();
}

// "GENE CELL COUNT" as nearly every line is, three whole numbers with one space between them, straight from memory. Anything else, and
// whatever is wrong, is for take_any_line.
bool MtxEntries::take_plain_line() {
  const std::string_view text = lines_.in_memory();
  if (text.size() < kLongestPlain) return false;
  const Digits row = digits_at(text.data());
  const Digits cell = digits_at(row.end + 1);
  const Digits count = digits_at(cell.end + 1);
  const char* end = count.end + (*count.end == '\r' ? 1 : 0);
  const bool is_plain = *row.end == ' ' && *cell.end == ' ' && *end == '\n' && count.end > cell.end + 1;
  const bool is_inside = row.number - 1 < static_cast<std::uint32_t>(rows_) && cell.number - 1 < static_cast<std::uint32_t>(cells_);
  if (!is_plain || !is_inside) return false;
  row_ = static_cast<std::int32_t>(row.number - 1);
  cell_ = static_cast<std::int32_t>(cell.number - 1);
  count_ = static_cast<float>(count.number);
  lines_.pass_line(static_cast<std::size_t>(end + 1 - text.data()));
  return true;
}

bool MtxEntries::take_any_line() {
  auto line = lines_.next();
  while (line && line->empty()) line = lines_.next();
  if (!line) return false;
  std::string_view rest = *line;
  const std::int64_t row = whole_number(next_word(rest));
  const std::int64_t cell = whole_number(next_word(rest));
  const std::optional<float> count = real_number(next_word(rest));
  if (row < 0 || cell < 0 || !count || !next_word(rest).empty()) fail("'" + std::string(*line) + "' is not 'gene cell count'", kDamaged);
  check_index("gene", row, rows_);
  check_index("cell", cell, cells_);
  if (!std::isfinite(*count)) fail("a count that is not a number", "remove or repair that cell");
  if (*count < 0) {
    fail("a negative value: the matrix looks scaled, and raw counts are needed", "export the raw counts instead");
  }
  row_ = static_cast<std::int32_t>(row - 1);
  cell_ = static_cast<std::int32_t>(cell - 1);
  count_ = *count;
  return true;
}

void MtxEntries::check_index(const char* what, std::int64_t index, std::int64_t limit) const {
  if (index >= 1 && index <= limit) return;
  fail(std::string(what) + " index " + std::to_string(index) + " is outside 1 to " + std::to_string(limit) + " of the header", kDamaged);
}

}  // namespace plkd

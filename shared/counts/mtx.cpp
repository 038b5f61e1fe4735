#include "shared/counts/mtx.h"

#include "shared/counts/row_builder.h"
#include "shared/counts/tenx_files.h"
#include "shared/counts/text_lines.h"
#include "shared/error.h"
#include "shared/text.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace plkd {
namespace {

constexpr std::int64_t kCellsPerBookmark = 256;

std::vector<std::string> split_tabs(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

// features.tsv as rows of the matrix; rows that are no genes (antibodies, guides) are left out of the vocabulary.
struct FeatureTable {
  GeneVocabulary genes;
  std::vector<std::int32_t> gene_of_row;  // [rows], -1 for other features
};

FeatureTable read_features(const std::string& path) {
  FeatureTable table;
  std::vector<std::string> first;
  std::vector<std::string> second;
  TextLines lines(path);
  while (const auto line = lines.next()) {
    if (line->empty()) continue;
    std::vector<std::string> fields = split_tabs(*line);
    const bool is_gene = fields.size() < 3 || fields[2].empty() || fields[2] == "Gene Expression";
    table.gene_of_row.push_back(is_gene ? static_cast<std::int32_t>(first.size()) : -1);
    if (!is_gene) continue;
    first.push_back(std::move(fields[0]));
    second.push_back(fields.size() > 1 ? std::move(fields[1]) : "");
  }
  // Whichever of the two looks like an Ensembl id is the id.
  table.genes = vocabulary_from_names(first);
  const GeneVocabulary other = vocabulary_from_names(second);
  for (std::size_t gene = 0; gene < first.size(); ++gene) {
    if (table.genes.id[gene].empty()) table.genes.id[gene] = other.id[gene];
    if (!other.symbol[gene].empty()) table.genes.symbol[gene] = other.symbol[gene];
  }
  return table;
}

std::vector<std::string> read_barcodes(const std::string& path) {
  std::vector<std::string> names;
  TextLines lines(path);
  while (const auto line = lines.next()) {
    if (!line->empty()) names.emplace_back(line->substr(0, line->find('\t')));
  }
  return names;
}

// One line of the matrix, counted from 0.
struct Entry {
  std::int64_t row = 0;
  std::int64_t cell = 0;
  float count = 0;
};

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

// The matrix file behind its header, read entry by entry.
class MtxEntries {
 public:
  explicit MtxEntries(const std::string& path) : lines_(path) {
    check_banner();
    read_sizes();
  }

  std::int64_t rows() const { return rows_; }
  std::int64_t cells() const { return cells_; }
  std::int64_t entries() const { return entries_; }
  TextLines::Place place() const { return lines_.place(); }
  void seek(const TextLines::Place& place) { lines_.seek(place); }

  std::optional<Entry> next() {
    auto line = lines_.next();
    while (line && line->empty()) line = lines_.next();
    if (!line) return std::nullopt;
    std::string_view rest = *line;
    const std::int64_t row = whole_number(next_word(rest));
    const std::int64_t cell = whole_number(next_word(rest));
    const std::optional<float> count = real_number(next_word(rest));
    if (row < 0 || cell < 0 || !count) fail("'" + std::string(*line) + "' is not 'gene cell count'", kDamaged);
    if (row < 1 || row > rows_) fail_index("gene", row, rows_);
    if (cell < 1 || cell > cells_) fail_index("cell", cell, cells_);
    if (*count < 0) {
      fail("a negative value: the matrix looks scaled, and raw counts are needed", "export the raw counts instead");
    }
    return Entry{row - 1, cell - 1, *count};
  }

  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const { lines_.fail(problem, hint); }

 private:
  static constexpr const char* kDamaged = "the file is damaged: copy or write it again";

  void check_banner() {
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

  void read_sizes() {
    auto line = lines_.next();
    while (line && (line->empty() || line->front() == '%')) line = lines_.next();
    std::string_view rest = line ? *line : std::string_view();
    rows_ = whole_number(next_word(rest));
    cells_ = whole_number(next_word(rest));
    entries_ = whole_number(next_word(rest));
    if (rows_ < 0 || cells_ < 0 || entries_ < 0) fail("no sizes 'genes cells entries'", kDamaged);
  }

  [[noreturn]] void fail_index(const std::string& what, std::int64_t index, std::int64_t limit) const {
    fail(what + " index " + std::to_string(index) + " is outside 1 to " + std::to_string(limit) + " of the header",
         kDamaged);
  }

  TextLines lines_;
  std::int64_t rows_ = 0;
  std::int64_t cells_ = 0;
  std::int64_t entries_ = 0;
};

class MtxReader : public CountsReader {
 public:
  explicit MtxReader(const std::string& path)
      : path_(path),
        files_(find_tenx_files(path)),
        features_(read_features(files_.genes)),
        names_(read_barcodes(files_.barcodes)),
        entries_(files_.matrix) {
    check_sizes();
    scan();
    if (!is_sorted_) load_whole();
    format_ = std::string("10x MatrixMarket, ") + (is_sorted_ ? "read as a stream" : "not sorted by cell, read whole");
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::int64_t cells() const override { return entries_.cells(); }
  const GeneVocabulary& genes() const override { return features_.genes; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    CountMatrix counts = is_sorted_ ? stream(first, end) : cut(first, end);
    validate(counts, files_.matrix);
    return counts;
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return {names_.data() + first, names_.data() + end};
  }

  std::vector<std::string> column_names() const override { return {}; }

  CellColumn column(const std::string& name) override { fail_without_column(*this, name); }

 private:
  // Where the entries of a cell start, so that any range can be reached without parsing all before it.
  struct Bookmark {
    std::int64_t cell = 0;
    TextLines::Place place;
  };

  void check_sizes() const {
    const auto rows = static_cast<std::int64_t>(features_.gene_of_row.size());
    const auto barcodes = static_cast<std::int64_t>(names_.size());
    if (entries_.rows() == rows && entries_.cells() == barcodes) return;
    const std::string sizes = std::to_string(entries_.rows()) + " x " + std::to_string(entries_.cells());
    if (entries_.rows() == barcodes && entries_.cells() == rows) {
      entries_.fail("the matrix is cells x genes (" + sizes + "), 10x writes genes x cells",
                    "transpose it: scipy.io.mmwrite('matrix.mtx', counts.T)");
    }
    entries_.fail("the matrix is " + sizes + " but " + files_.genes + " has " + std::to_string(rows) + " lines and " +
                      files_.barcodes + " has " + std::to_string(barcodes),
                  "are the three files from one run?");
  }

  // One pass over the file: checks every line, finds out whether it is sorted by cell, sets bookmarks.
  void scan() {
    start_ = entries_.place();
    bookmarks_.push_back({0, start_});
    TextLines::Place before = start_;
    std::int64_t seen = 0;
    std::int64_t last_cell = 0;
    while (const auto entry = entries_.next()) {
      if (entry->cell < last_cell) is_sorted_ = false;
      if (entry->cell > last_cell && entry->cell >= bookmarks_.back().cell + kCellsPerBookmark) {
        bookmarks_.push_back({entry->cell, before});
      }
      last_cell = entry->cell;
      before = entries_.place();
      ++seen;
    }
    if (seen != entries_.entries()) {
      entries_.fail("the file ends after " + std::to_string(seen) + " of " + std::to_string(entries_.entries()) +
                        " entries", "it was cut short: copy or download it again");
    }
    position_ = cells();
  }

  CountMatrix stream(std::int64_t first, std::int64_t end) {
    CountMatrix counts;
    counts.genes = genes().size();
    RowBuilder rows(counts);
    std::vector<std::int32_t> gene;
    std::vector<float> count;
    go_to(first);
    std::optional<Entry> entry = pending_ ? std::exchange(pending_, std::nullopt) : entries_.next();
    while (entry && entry->cell < first) entry = entries_.next();
    for (std::int64_t cell = first; cell < end; ++cell) {
      gene.clear();
      count.clear();
      for (; entry && entry->cell == cell; entry = entries_.next()) {
        const std::int32_t index = features_.gene_of_row[static_cast<std::size_t>(entry->row)];
        if (index < 0) continue;
        gene.push_back(index);
        count.push_back(entry->count);
      }
      rows.append(gene, count);
    }
    pending_ = entry;
    position_ = end;
    return counts;
  }

  // Makes the next entry one of a cell not after `first`: goes on where the last range ended, or to a bookmark.
  void go_to(std::int64_t first) {
    const auto after = std::upper_bound(bookmarks_.begin(), bookmarks_.end(), first,
                                        [](std::int64_t cell, const Bookmark& mark) { return cell < mark.cell; });
    const Bookmark& mark = *(after - 1);
    if (position_ <= first && mark.cell <= position_) return;
    entries_.seek(mark.place);
    pending_ = std::nullopt;
  }

  void load_whole() {
    entries_.seek(start_);
    std::vector<Entry> all;
    while (const auto entry = entries_.next()) {
      if (features_.gene_of_row[static_cast<std::size_t>(entry->row)] >= 0) all.push_back(*entry);
    }
    std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.cell < b.cell; });
    whole_.genes = genes().size();
    RowBuilder rows(whole_);
    std::vector<std::int32_t> gene;
    std::vector<float> count;
    std::size_t k = 0;
    for (std::int64_t cell = 0; cell < cells(); ++cell) {
      gene.clear();
      count.clear();
      for (; k < all.size() && all[k].cell == cell; ++k) {
        gene.push_back(features_.gene_of_row[static_cast<std::size_t>(all[k].row)]);
        count.push_back(all[k].count);
      }
      rows.append(gene, count);
    }
  }

  CountMatrix cut(std::int64_t first, std::int64_t end) const {
    std::vector<std::int64_t> chosen;
    for (std::int64_t cell = first; cell < end; ++cell) chosen.push_back(cell);
    return select_cells(whole_, chosen);
  }

  std::string path_;
  std::string format_;
  TenxFiles files_;
  FeatureTable features_;
  std::vector<std::string> names_;
  MtxEntries entries_;
  TextLines::Place start_;
  std::vector<Bookmark> bookmarks_;
  bool is_sorted_ = true;
  std::int64_t position_ = 0;     // all entries of cells before it are read, none of it or later but `pending_`
  std::optional<Entry> pending_;  // read, but of a later cell
  CountMatrix whole_;             // of a file that is not sorted
};

}  // namespace

std::unique_ptr<CountsReader> open_mtx(const std::string& path) { return std::make_unique<MtxReader>(path); }

}  // namespace plkd

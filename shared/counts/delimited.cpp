#include "shared/counts/delimited.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "shared/counts/delimited_table.h"

namespace plkd {
namespace {

using Rows = DelimitedLayout::Rows;
using Names = std::vector<std::string>;

constexpr std::int64_t kCellsPerBookmark = 256;
constexpr std::int64_t kNowhere = -1;

std::string kind_of(char separator) {
  switch (separator) {
    case ',': return "CSV table";
    case '\t': return "TSV table";
    case ';': return "table parted by semicolons";
    default: return "table parted by spaces";
  }
}

// A gene goes by the first column that names it; another column may know its id or its symbol.
GeneVocabulary genes_of(const std::vector<Names>& columns) {
  GeneVocabulary genes = vocabulary_from_names(columns[0]);
  for (std::size_t column = 1; column < columns.size(); ++column) {
    const GeneVocabulary other = vocabulary_from_names(columns[column]);
    for (std::size_t gene = 0; gene < genes.id.size(); ++gene) {
      if (genes.id[gene].empty()) genes.id[gene] = other.id[gene];
      if (genes.symbol[gene].empty()) genes.symbol[gene] = other.symbol[gene];
    }
  }
  return genes;
}

class DelimitedReader : public CountsReader {
 public:
  DelimitedReader(const std::string& path, const nlohmann::json* index) : path_(path), table_(path) {
    const bool is_stream = layout().rows == Rows::Cells;
    if (is_stream) genes_ = vocabulary_from_names(layout().counted());
    index ? take_index(*index) : is_stream ? scan() : load_whole();
    if (!index) refuse_equal_names();
    format_ = kind_of(layout().separator) + (is_stream ? ", cells in rows" : ", genes in rows") +
              (layout().is_sure ? ", " : " (most likely), ") +
              (is_stream ? "read as a stream" : "read whole: only counts above 0 are held");
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::int64_t cells() const override { return static_cast<std::int64_t>(names_.size()); }
  const GeneVocabulary& genes() const override { return genes_; }
  std::vector<GeneNames> other_gene_names() const override { return other_names_; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    CountMatrix counts = layout().rows == Rows::Cells ? stream(first, end) : select_cells(whole_, first, end);
    validate(counts, path_);
    return counts;
  }

  Names cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return {names_.data() + first, names_.data() + end};
  }

  nlohmann::json index() const override {
    if (layout().rows == Rows::Genes) return nullptr;
    nlohmann::json columns = nlohmann::json::array();
    for (const CellColumn& column : columns_) columns.push_back({column.name, column.categories, column.code});
    return {{"names", names_}, {"columns", std::move(columns)}, {"bookmarks", bookmarks_}, {"marks", table_.marks()}};
  }

  Names column_names() const override {
    Names names;
    for (const CellColumn& column : columns_) names.push_back(column.name);
    return names;
  }

  CellColumn column(const std::string& name) override {
    for (const CellColumn& column : columns_)
      if (column.name == name) return column;
    fail_without_column(*this, name);
  }

 private:
  const DelimitedLayout& layout() const { return table_.layout(); }

  // A list for layout().names and for each of layout().words.
  std::vector<Names> no_words() const { return std::vector<Names>(1 + layout().words.size()); }

  void keep_words(std::vector<Names>& kept) {
    Names words = table_.words();
    for (std::size_t k = 0; k < kept.size(); ++k) kept[k].push_back(std::move(words[k]));
  }

  const std::string& name_of_words(std::size_t k) const { return layout().column[layout().words[k - 1]]; }

  // Cells in rows: names and bookmarks, but no counts.
  void scan() {
    std::vector<Names> words = no_words();
    for (TextLines::Place place = table_.place(); table_.next(); place = table_.place()) {
      if (static_cast<std::int64_t>(words[0].size()) % kCellsPerBookmark == 0) bookmarks_.push_back(place);
      keep_words(words);
    }
    names_ = std::move(words[0]);
    position_ = cells();
    for (std::size_t k = 1; k < words.size(); ++k) columns_.push_back(column_of_texts(name_of_words(k), words[k]));
  }

  void take_index(const nlohmann::json& index) {
    index.at("names").get_to(names_);
    for (const nlohmann::json& column : index.at("columns")) columns_.push_back({column.at(0), column.at(1), column.at(2)});
    index.at("bookmarks").get_to(bookmarks_);
    table_.take_marks(index.at("marks"));
    position_ = kNowhere;  // find_layout has read lines
  }

  // Genes in rows: a row has counts of all cells, so all rows are needed for one cell.
  void load_whole() {
    names_ = layout().counted();
    CountMatrix by_gene;
    by_gene.genes = cells();
    std::vector<Names> words = no_words();
    while (table_.next()) {
      keep_words(words);
      table_.append_counts(by_gene.gene, by_gene.count);
      by_gene.row_begin.push_back(by_gene.entries());
    }
    whole_ = transpose(by_gene);
    genes_ = genes_of(words);
    for (std::size_t k = 1; k < words.size(); ++k) {
      const std::size_t distinct = column_of_texts("", words[k]).categories.size();
      if (2 * distinct >= words[k].size()) other_names_.push_back({name_of_words(k), vocabulary_from_names(words[k])});
    }
  }

  void refuse_equal_names() const {
    std::unordered_map<std::string_view, std::size_t> seen;
    const std::int64_t first_line = layout().first_line.line + 1;
    const bool in_rows = layout().rows == Rows::Cells;
    for (std::size_t cell = 0; cell < names_.size(); ++cell) {
      const auto [place, is_new] = seen.emplace(names_[cell], cell);
      if (is_new) continue;
      const auto number = [&](std::size_t k) { return static_cast<std::int64_t>(k) + 1; };
      const std::string first = in_rows ? "line " + std::to_string(first_line + number(place->second) - 1)
                                        : "column " + std::to_string(number(place->second + layout().first_count));
      table_.fail(in_rows ? first_line + number(cell) - 1 : layout().first_line.line,
                  "cell '" + names_[cell] + "' appears twice; first in " + first,
                  "every cell needs a name of its own: when you join samples, put the sample before the barcode");
    }
  }

  CountMatrix stream(std::int64_t first, std::int64_t end) {
    CountMatrix counts;
    counts.genes = genes_.size();
    if (first == end) return counts;
    go_to(first);
    for (std::int64_t cell = first; cell < end; ++cell) {
      next_cell();
      table_.append_counts(counts.gene, counts.count);
      counts.row_begin.push_back(counts.entries());
    }
    position_ = end;
    return counts;
  }

  // Goes on where the last range ended, or from a bookmark. An error on the way leaves no position.
  void go_to(std::int64_t first) {
    const std::int64_t mark = first / kCellsPerBookmark;
    std::int64_t cell = std::exchange(position_, kNowhere);
    if (first < cell || cell < mark * kCellsPerBookmark) {
      table_.seek(bookmarks_[static_cast<std::size_t>(mark)]);
      cell = mark * kCellsPerBookmark;
    }
    for (; cell < first; ++cell) next_cell();
  }

  void next_cell() {
    if (!table_.next()) table_.fail(table_.place().line, "the file ends earlier than when it was opened", "is it being written?");
  }

  std::string path_;
  std::string format_;
  DelimitedTable table_;
  GeneVocabulary genes_;
  std::vector<GeneNames> other_names_;  // with genes in rows
  Names names_;                         // [cells]
  std::vector<CellColumn> columns_;     // with cells in rows
  std::vector<TextLines::Place> bookmarks_;
  std::int64_t position_ = 0;  // the next cell of the stream
  CountMatrix whole_;          // with genes in rows
};

}  // namespace

std::unique_ptr<CountsReader> open_delimited(const std::string& path, const nlohmann::json* index) {
  return std::make_unique<DelimitedReader>(path, index);
}

}  // namespace plkd

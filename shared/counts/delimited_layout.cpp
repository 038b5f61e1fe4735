#include "shared/counts/delimited_layout.h"

#include <algorithm>
#include <optional>
#include <set>

#include "shared/counts/delimited_number.h"
#include "shared/counts/utf8.h"
#include "shared/error.h"
#include "shared/genes/gene_evidence.h"
#include "shared/text.h"

namespace plkd {
namespace {

constexpr std::size_t kLinesForColumns = 3;   // read to tell words from counts
constexpr std::size_t kLinesForNames = 200;   // read to tell genes from cells
constexpr double kFaint = 0.05;               // evidence below it decides nothing
constexpr double kClear = 0.3;
constexpr double kCornerWeight = 0.5;
constexpr const char* kShape = "write the names of the genes (or cells) in the first line and those of the cells (or genes) in the first column";

// What tools write beside counts as numbers; nothing but the name tells these columns from a gene or a cell.
bool is_never_counts(const std::string& column) {
  static const std::set<std::string> names = {
      "batch",   "chr", "cluster",  "clusters", "end",  "entrez",        "entrez_id",  "entrezid",     "leiden",     "length",          "louvain",
      "n_counts", "n_genes", "n_genes_by_counts", "ncount_rna", "nfeature_rna", "ngene", "numi", "pct_counts_mt", "percent.mito", "percent.mt",
      "percent_mito", "percent_mt", "seurat_clusters", "start", "total_counts"};
  return names.count(lower_case(column)) > 0;
}

class LayoutFinder {
 public:
  LayoutFinder(TextLines& lines, const std::string& path) : lines_(lines), path_(path) {}

  DelimitedLayout find() {
    read_header();
    read_columns();
    choose_columns();
    choose_rows();
    lines_.seek(layout_.first_line);
    return std::move(layout_);
  }

 private:
  [[noreturn]] void fail(std::int64_t line, const std::string& problem, const std::string& hint) const {
    throw Error(ErrorKind::BadInput, path_ + ":" + std::to_string(line) + ": " + problem, hint);
  }

  std::vector<std::string> split(const std::string& line) const { return delimited_fields(line, layout_.separator); }

  // The separator under which a line has as many fields as the header, or one more, as R writes it. Where none fits the
  // lines are ragged, which is better said of the separator that is there.
  std::optional<char> find_separator(const std::string& header, const std::string& line) const {
    std::optional<char> best;
    std::size_t most = 1;
    for (const char separator : {'\t', ',', ';', ' '}) {
      const std::size_t names = delimited_fields(header, separator).size();
      const std::size_t fields = delimited_fields(line, separator).size();
      if ((names != fields && names + 1 != fields) || fields <= most) continue;
      best = separator;
      most = fields;
    }
    for (const char separator : {'\t', ',', ';'})
      if (!best && header.find(separator) != std::string::npos) best = separator;
    return best;
  }

  // featureCounts and others put comments first, Excel a byte order mark.
  void read_header() {
    auto line = lines_.next();
    while (line && (line->empty() || line->front() == '#')) line = lines_.next();
    std::string header(line.value_or(""));
    if (header.compare(0, 3, "\xEF\xBB\xBF") == 0) header.erase(0, 3);
    header_line_ = lines_.number();
    layout_.first_line = lines_.place();
    while (sample_.size() < kLinesForColumns && (line = lines_.next()) && !line->empty()) sample_.emplace_back(*line);
    const auto separator = find_separator(header, sample_.empty() ? "" : sample_[0]);
    if (!separator)
      fail(header_line_, "neither HDF5, MatrixMarket nor a table: no comma, tab, semicolon or space parts its columns",
           "give an .h5ad, a 10x .h5, a loom file, the three 10x files, or a table of counts as CSV or TSV");
    if (sample_.empty()) fail(header_line_, "no table of counts: a first line and none below it", "was it written to its end?");
    layout_.separator = *separator;
    layout_.column = split(header);
    if (!is_utf8(header)) fail(header_line_, "the names are not UTF-8", "save the table as UTF-8");
  }

  void read_columns() {
    std::vector<std::string>& column = layout_.column;
    if (column.size() + 1 == split(sample_[0]).size()) column.insert(column.begin(), "");
    std::vector<bool> holds_numbers(column.size(), false);
    holds_words_.assign(column.size(), false);
    for (std::size_t k = 0; k < sample_.size(); ++k) {
      const std::vector<std::string> fields = split(sample_[k]);
      if (fields.size() != column.size())
        fail(layout_.first_line.line + 1 + static_cast<std::int64_t>(k),
             std::to_string(fields.size()) + " fields where the first line has " + std::to_string(column.size()), kShape);
      for (std::size_t c = 0; c < fields.size(); ++c) {
        if (parse_number(fields[c]))
          holds_numbers[c] = true;
        else if (!is_missing(fields[c]))
          holds_words_[c] = true;
      }
    }
    // A word among counts is a slip, which is said when its line is read; names of rows may be any.
    for (std::size_t c = 1; c < column.size(); ++c)
      holds_words_[c] = (holds_words_[c] && !holds_numbers[c]) || is_never_counts(column[c]);
  }

  // pandas numbers rows in a column without a name.
  bool is_unnamed(std::size_t column) const {
    const std::string& name = layout_.column[column];
    return name.empty() || name.rfind("Unnamed: ", 0) == 0;
  }

  void choose_columns() {
    const std::size_t columns = layout_.column.size();
    std::size_t& first = layout_.first_count;
    std::size_t& end = layout_.end_count;
    first = 1;
    while (first < columns && (holds_words_[first] || is_unnamed(first))) ++first;
    end = columns;
    while (end > first && holds_words_[end - 1]) --end;
    if (first == end) fail(layout_.first_line.line + 1, "no column of the table holds counts", kShape);
    const auto named = std::find(holds_words_.begin(), holds_words_.begin() + static_cast<std::ptrdiff_t>(first), true);
    const auto place = static_cast<std::size_t>(named - holds_words_.begin());
    layout_.names = place < first ? place : 0;
    for (std::size_t c = 0; c < columns; ++c)
      if (holds_words_[c] && c != layout_.names && (c < first || c >= end)) layout_.words.push_back(c);
  }

  // What the rows are called, column by column before the counts.
  double evidence_of_rows() {
    std::vector<std::vector<std::string>> names(layout_.first_count);
    lines_.seek(layout_.first_line);
    for (std::size_t k = 0; k < kLinesForNames; ++k) {
      const auto line = lines_.next();
      if (!line || line->empty()) break;
      std::size_t at = 0;
      for (std::vector<std::string>& column : names)
        if (at <= line->size()) column.push_back(take_field(*line, at, layout_.separator));
    }
    double most = gene_evidence(names[layout_.names]);
    for (const std::size_t word : layout_.words)
      if (word < names.size()) most = std::max(most, gene_evidence(names[word]));
    return most;
  }

  // "gene", "Geneid", "symbol" over the names of rows, or "cell", "barcode".
  double evidence_of_corner() const {
    const std::string corner = lower_case(layout_.column[layout_.names]);
    const auto has = [&](const char* word) { return corner.find(word) != std::string::npos; };
    const double genes = has("gene") || has("symbol") || has("ensembl") || has("feature") ? kCornerWeight : 0;
    return genes - (has("cell") || has("barcode") ? kCornerWeight : 0);
  }

  void choose_rows() {
    const double genes_in_rows = evidence_of_rows() - gene_evidence(layout_.counted()) + evidence_of_corner();
    const double clarity = std::max(genes_in_rows, -genes_in_rows);
    if (clarity < kFaint)
      fail(header_line_, "neither the first line nor the first column can be told to name genes",
           "begin the first line with 'gene' if each line below is a gene, with 'cell' if it is a cell");
    layout_.rows = genes_in_rows > 0 ? DelimitedLayout::Rows::Genes : DelimitedLayout::Rows::Cells;
    layout_.is_sure = clarity >= kClear;
  }

  TextLines& lines_;
  const std::string& path_;
  DelimitedLayout layout_;
  std::int64_t header_line_ = 0;
  std::vector<std::string> sample_;
  std::vector<bool> holds_words_;  // [columns]
};

}  // namespace

DelimitedLayout find_layout(TextLines& lines, const std::string& path) { return LayoutFinder(lines, path).find(); }

std::string take_field(std::string_view line, std::size_t& at, char separator) {
  std::size_t end = at;
  bool has_quotes = false, in_quotes = false;
  for (; end < line.size() && (in_quotes || line[end] != separator); ++end) {
    if (line[end] != '"') continue;
    has_quotes = true;
    in_quotes = !in_quotes;
  }
  const std::string_view field = line.substr(at, end - at);
  at = end + 1;
  return has_quotes ? delimited_fields(field, separator).front() : std::string(field);
}

}  // namespace plkd

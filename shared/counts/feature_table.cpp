#include "shared/counts/feature_table.h"

#include <optional>
#include <string_view>
#include <utility>

#include "shared/counts/text_lines.h"
#include "shared/counts/utf8.h"

namespace plkd {
namespace {

// The next line that is not empty, shown to be readable.
std::optional<std::string_view> next_line(TextLines& lines) {
  auto line = lines.next();
  while (line && line->empty()) line = lines.next();
  if (line && !is_utf8(*line)) lines.fail("a name that is not UTF-8 text", "save the file as UTF-8");
  return line;
}

std::string_view next_field(std::string_view& line) {
  const std::size_t tab = line.find('\t');
  const std::string_view field = line.substr(0, tab);
  line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
  return field;
}

}  // namespace

FeatureTable read_features(const std::string& path, std::int64_t most) {
  FeatureTable table;
  std::vector<std::string> first;
  std::vector<std::string> second;
  TextLines lines(path);
  while (auto line = next_line(lines)) {
    if (++table.lines > most) continue;
    const std::string_view id = next_field(*line);
    const std::string_view symbol = next_field(*line);
    const std::string_view type = next_field(*line);
    const bool is_gene = type.empty() || type == "Gene Expression";
    table.gene_of_row.push_back(is_gene ? static_cast<std::int32_t>(first.size()) : -1);
    if (!is_gene) continue;
    first.emplace_back(id);
    second.emplace_back(symbol);
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

BarcodeTable read_barcodes(const std::string& path, std::int64_t most) {
  BarcodeTable table;
  TextLines lines(path);
  while (auto line = next_line(lines))
    if (++table.lines <= most) table.names.emplace_back(next_field(*line));
  return table;
}

}  // namespace plkd

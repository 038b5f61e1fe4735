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
  std::vector<std::string> first, second, names, types;
  bool says_types = false;
  TextLines lines(path);
  while (auto line = next_line(lines)) {
    if (++table.lines > most) continue;
    first.emplace_back(next_field(*line));
    second.emplace_back(next_field(*line));
    names.push_back(second.back().empty() ? first.back() : second.back());
    const std::string_view type = next_field(*line);
    says_types = says_types || !type.empty();
    types.emplace_back(type.empty() ? type_of(Modality::Rna) : std::string(type));
  }
  table.split = FeatureSplit(names, says_types ? std::move(types) : std::vector<std::string>());
  // Whichever of the two looks like an Ensembl id is the id.
  GeneVocabulary rows = vocabulary_from_names(first);
  const GeneVocabulary other = vocabulary_from_names(second);
  for (std::size_t row = 0; row < first.size(); ++row) {
    if (rows.id[row].empty()) rows.id[row] = other.id[row];
    if (!other.symbol[row].empty()) rows.symbol[row] = other.symbol[row];
  }
  table.genes = select_genes(rows, table.split.genes());
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

#include "shared/counts/h5ad_genes.h"

#include <algorithm>
#include <array>
#include <optional>

namespace plkd {
namespace {

// The first of the columns that is there, as text; nothing when none is.
template <std::size_t N>
std::optional<std::vector<std::string>> first_column(const H5adTable& table, const std::array<const char*, N>& names) {
  for (const char* name : names) {
    if (table.has_column(name)) return table.texts(name);
  }
  return std::nullopt;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

GeneVocabulary genes_of(const H5adTable& var) {
  constexpr std::array kSymbols = {"feature_name", "gene_symbols", "gene_name", "gene_short_name", "symbol"};
  constexpr std::array kIds = {"gene_ids", "gene_id", "feature_id", "ensembl_id", "ensembl", "Accession"};
  std::vector<std::string> names = var.row_names(0, var.rows());
  const auto symbols = first_column(var, kSymbols);
  const auto ids = first_column(var, kIds);
  // An index that only numbers the genes names none of them.
  if (symbols && std::all_of(names.begin(), names.end(), is_number)) names = *symbols;
  GeneVocabulary genes = vocabulary_from_names(names);
  const GeneVocabulary known_ids = vocabulary_from_names(ids.value_or(std::vector<std::string>()));
  for (std::size_t gene = 0; gene < names.size(); ++gene) {
    if (symbols && genes.symbol[gene].empty()) genes.symbol[gene] = (*symbols)[gene];
    if (ids && genes.id[gene].empty()) genes.id[gene] = known_ids.id[gene];
  }
  return genes;
}

std::vector<GeneNames> other_names_of_genes(const H5adTable& var) {
  std::vector<GeneNames> others;
  for (const std::string& column : var.column_names()) {
    const CellColumn values = var.column(column);
    if (2 * static_cast<std::int64_t>(values.categories.size()) < var.rows()) continue;
    others.push_back({column, vocabulary_from_names(var.texts(column))});
  }
  return others;
}

}  // namespace plkd

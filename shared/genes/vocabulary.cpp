#include "shared/genes/vocabulary.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "shared/text.h"

namespace plkd {

namespace {

using Key = std::string (*)(std::string);
std::string unchanged(std::string name) { return name; }

// Genes by name; the first of equal names wins, the empty name is none.
using Lookup = std::unordered_map<std::string, std::int32_t>;

Lookup index_by(const std::vector<std::string>& names, Key key) {
  Lookup lookup;
  lookup.reserve(names.size());
  for (std::size_t gene = 0; gene < names.size(); ++gene)
    if (!names[gene].empty()) lookup.emplace(key(names[gene]), static_cast<std::int32_t>(gene));
  return lookup;
}

// Genes by their other names; a name of several genes, or one that is another gene's symbol, leads to none.
Lookup index_by_other_names(const std::vector<std::vector<std::string>>& names, const Lookup& symbols) {
  Lookup lookup;
  for (std::size_t gene = 0; gene < names.size(); ++gene) {
    const auto number = static_cast<std::int32_t>(gene);
    for (const std::string& name : names[gene]) {
      if (name.empty() || symbols.count(name) > 0) continue;
      const auto [place, is_new] = lookup.emplace(without_version(name), number);
      if (!is_new && place->second != number) place->second = -1;
    }
  }
  return lookup;
}

std::string with_separators(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string grouped;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) grouped += ',';
    grouped += digits[at];
  }
  return grouped;
}

}  // namespace

// ENSG00000153563.12, ENSMUSG00000030336: "ENS", letters of the species, "G", eleven digits, a version.
bool looks_like_ensembl_id(const std::string& name) {
  if (name.size() < 15 || name.compare(0, 3, "ENS") != 0) return false;
  const std::size_t digits = name.find_first_of("0123456789");
  if (digits == std::string::npos || name[digits - 1] != 'G') return false;
  const std::size_t end = name.find_first_not_of("0123456789", digits);
  return (end == std::string::npos ? name.size() : end) - digits == 11 && (end == std::string::npos || name[end] == '.');
}

std::string without_version(std::string name) {
  return looks_like_ensembl_id(name) ? name.substr(0, name.find('.')) : name;
}

std::string name_of(const GeneVocabulary& genes, std::size_t gene) {
  return genes.symbol[gene].empty() ? genes.id[gene] : genes.symbol[gene];
}

GeneVocabulary vocabulary_from_names(const std::vector<std::string>& names) {
  GeneVocabulary genes;
  genes.symbol.resize(names.size());
  genes.id.resize(names.size());
  for (std::size_t gene = 0; gene < names.size(); ++gene)
    (looks_like_ensembl_id(names[gene]) ? genes.id : genes.symbol)[gene] = names[gene];
  return genes;
}

GeneVocabulary select_genes(const GeneVocabulary& genes, const std::vector<std::int32_t>& chosen) {
  GeneVocabulary selected;
  for (const std::int32_t gene : chosen) {
    const auto at = static_cast<std::size_t>(gene);
    selected.symbol.push_back(genes.symbol[at]);
    selected.id.push_back(genes.id[at]);
    if (!genes.alias.empty()) selected.alias.push_back(genes.alias[at]);
    if (!genes.orthologue.empty()) selected.orthologue.push_back(genes.orthologue[at]);
  }
  return selected;
}

void append(GeneVocabulary& genes, const GeneVocabulary& more) {
  const std::size_t before = genes.symbol.size(), after = before + more.symbol.size();
  const auto append_to = [](auto& names, const auto& others) { names.insert(names.end(), others.begin(), others.end()); };
  // Lists are empty where nothing is known of any gene.
  const auto append_lists = [&](auto& lists, const auto& others) {
    if (lists.empty() && others.empty()) return;
    lists.resize(before);
    append_to(lists, others);
    lists.resize(after);
  };
  append_to(genes.symbol, more.symbol);
  append_to(genes.id, more.id);
  append_lists(genes.alias, more.alias);
  append_lists(genes.orthologue, more.orthologue);
}

GeneVocabulary genes_alone(const GeneVocabulary& features, const std::vector<FeatureBlock>& blocks) {
  if (blocks.empty()) return features;
  return blocks.front().modality == Modality::Rna ? features_of(features, blocks.front()) : GeneVocabulary();
}

GeneVocabulary features_of(const GeneVocabulary& genes, const FeatureBlock& block) {
  std::vector<std::int32_t> chosen;
  for (std::int64_t feature = block.first; feature < block.end; ++feature) chosen.push_back(static_cast<std::int32_t>(feature));
  return select_genes(genes, chosen);
}

GeneAlignment align(const GeneVocabulary& query, const GeneVocabulary& model, Orthologues orthologues) {
  GeneAlignment alignment;
  alignment.model_gene.assign(static_cast<std::size_t>(query.size()), -1);
  std::vector<char> is_matched(static_cast<std::size_t>(model.size()), 0);
  AlignmentReport& report = alignment.report;

  // One pass over the query for one way of naming genes; model genes matched in an earlier pass take no more.
  const auto match = [&](const std::vector<std::string>& query_names, const Lookup& lookup,
                         Key key) {
    const std::vector<char> matched_before = is_matched;
    std::int64_t matched = 0;
    for (std::size_t gene = 0; gene < query_names.size(); ++gene) {
      if (alignment.model_gene[gene] >= 0 || query_names[gene].empty()) continue;
      const auto found = lookup.find(key(query_names[gene]));
      if (found == lookup.end() || found->second < 0) continue;
      if (matched_before[static_cast<std::size_t>(found->second)]) continue;
      alignment.model_gene[gene] = found->second;
      char& already = is_matched[static_cast<std::size_t>(found->second)];
      ++(already ? report.merged : matched);
      already = 1;
    }
    return matched;
  };
  const Lookup symbols = index_by(model.symbol, unchanged);
  const auto match_other_names = [&](const std::vector<std::vector<std::string>>& names) {
    const Lookup lookup = index_by_other_names(names, symbols);
    const std::int64_t by_id = match(query.id, lookup, without_version);
    return by_id + match(query.symbol, lookup, unchanged);
  };

  report.model_genes = model.size();
  report.query_genes = query.size();
  report.matched_by_id = match(query.id, index_by(model.id, without_version), without_version);
  report.matched_by_symbol = match(query.symbol, symbols, unchanged);
  if (orthologues == Orthologues::Use) report.matched_by_orthologue = match_other_names(model.orthologue);
  report.matched_by_symbol += match(query.symbol, index_by(model.symbol, upper_case), upper_case);
  report.matched_by_alias = match_other_names(model.alias);
  for (std::size_t gene = 0; gene < is_matched.size(); ++gene)
    if (!is_matched[gene]) report.missing.push_back(name_of(model, gene));
  return alignment;
}

namespace {

// A gene and its count in one number that sorts as the two do: a float of 0 or more sorts as its bits.
std::uint64_t packed(std::int32_t gene, float count) {
  std::uint32_t bits;
  std::memcpy(&bits, &count, sizeof bits);
  return std::uint64_t{static_cast<std::uint32_t>(gene)} << 32 | bits;
}

std::int32_t gene_of(std::uint64_t entry) { return static_cast<std::int32_t>(entry >> 32); }

float count_of(std::uint64_t entry) {
  const auto bits = static_cast<std::uint32_t>(entry);
  float count;
  std::memcpy(&count, &bits, sizeof count);
  return count;
}

}  // namespace

CountMatrix apply(const GeneAlignment& alignment, const CountMatrix& query) {
  CountMatrix aligned;
  aligned.genes = alignment.report.model_genes;
  aligned.row_begin.reserve(query.row_begin.size());
  std::size_t end = 0;
  std::vector<std::uint64_t> of_cell;
  for (std::size_t cell = 0; cell + 1 < query.row_begin.size(); ++cell) {
    const auto first = static_cast<std::size_t>(query.row_begin[cell]), last = static_cast<std::size_t>(query.row_begin[cell + 1]);
    of_cell.resize(last - first);
    std::size_t found = 0;
    for (std::size_t entry = first; entry < last; ++entry) {
      const std::int32_t gene = alignment.model_gene[static_cast<std::size_t>(query.gene[entry])];
      of_cell[found] = packed(gene, query.count[entry]);
      found += gene >= 0;
    }
    of_cell.resize(found);
    // Ascending order makes the sums of the first layer, and so the labels, independent of the query's gene order.
    if (!std::is_sorted(of_cell.begin(), of_cell.end())) std::sort(of_cell.begin(), of_cell.end());
    const std::size_t begin = end;
    aligned.gene.resize(begin + found);
    aligned.count.resize(begin + found);
    for (const std::uint64_t entry : of_cell) {
      if (end > begin && aligned.gene[end - 1] == gene_of(entry)) {
        aligned.count[end - 1] += count_of(entry);
      } else {
        aligned.gene[end] = gene_of(entry);
        aligned.count[end++] = count_of(entry);
      }
    }
    aligned.row_begin.push_back(static_cast<std::int64_t>(end));
  }
  aligned.gene.resize(end);
  aligned.count.resize(end);
  return aligned;
}

std::string describe(const AlignmentReport& report) {
  std::string text = with_separators(report.matched()) + " of " + with_separators(report.model_genes) +
                     " model genes matched (" + with_separators(report.matched_by_id) + " by id, " +
                     with_separators(report.matched_by_symbol) + " by symbol";
  if (report.matched_by_alias > 0) text += ", " + with_separators(report.matched_by_alias) + " by another name";
  if (report.matched_by_orthologue > 0)
    text += ", " + with_separators(report.matched_by_orthologue) + " by orthologue";
  text += "), " + with_separators(static_cast<std::int64_t>(report.missing.size())) + " missing";
  if (report.merged > 0) text += ", " + with_separators(report.merged) + " duplicates summed";
  return text;
}

}  // namespace plkd

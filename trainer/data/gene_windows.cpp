#include "trainer/data/gene_windows.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/counts/text_lines.h"
#include "shared/error.h"
#include "shared/genes/peaks.h"
#include "shared/text.h"
#include "trainer/data/cells.h"

namespace plkd {
namespace {

constexpr const char* kForms = "give a GTF file of gene annotation, or BED with the columns chromosome, begin, end, name, score, strand";

struct PlacedGene {
  std::string id, symbol;
  Interval window;
};

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stopped != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

// The value of a GTF attribute: gene_id "ENSG00000223972.5";
std::string attribute(const std::string& attributes, const std::string& name) {
  const std::size_t found = attributes.find(name + " \"");
  if (found == std::string::npos) return "";
  const std::size_t begin = found + name.size() + 2;
  return attributes.substr(begin, attributes.find('"', begin) - begin);
}

Interval with_promoter(const std::string& chromosome, std::int64_t begin, std::int64_t end, const std::string& strand) {
  if (strand == "-") return {chromosome, begin, end + kPromoter};
  return {chromosome, std::max<std::int64_t>(0, begin - kPromoter), end};
}

// Nothing for lines about other things than genes.
std::optional<PlacedGene> gene_of(const std::vector<std::string>& fields, TextLines& text) {
  const bool is_gtf = fields.size() >= 9;
  if (is_gtf && fields[2] != "gene") return std::nullopt;
  if (fields.size() < 6) text.fail("has " + std::to_string(fields.size()) + " columns, which is neither GTF nor BED with strands", kForms);
  const auto begin = number_in(fields[is_gtf ? 3 : 1]), end = number_in(fields[is_gtf ? 4 : 2]);
  if (!begin || !end || *end < *begin) text.fail("has no place of a gene", kForms);
  // GTF counts from 1 and means the last base, too.
  const Interval window = with_promoter(fields[0], is_gtf ? *begin - 1 : *begin, *end, fields[is_gtf ? 6 : 5]);
  if (is_gtf) return PlacedGene{without_version(attribute(fields[8], "gene_id")), attribute(fields[8], "gene_name"), window};
  const GeneVocabulary name = vocabulary_from_names({fields[3]});
  return PlacedGene{name.id[0], name.symbol[0], window};
}

std::vector<PlacedGene> read_genes(const std::string& table) {
  TextLines text(table);
  std::vector<PlacedGene> genes;
  while (const auto line = text.next()) {
    const bool is_remark = line->empty() || line->front() == '#' || line->substr(0, 5) == "track" || line->substr(0, 7) == "browser";
    if (is_remark) continue;
    // A tab within quotes parts fields all the same; GTF's quotes are kept for `attribute`.
    std::vector<std::string> fields(1);
    for (const char letter : *line) {
      if (letter == '\t') fields.emplace_back();
      else fields.back() += letter;
    }
    if (const auto gene = gene_of(fields, text)) genes.push_back(*gene);
  }
  return genes;
}

}  // namespace

GeneVocabulary gene_windows(const std::string& table, const GeneVocabulary& wanted) {
  std::map<std::string, Interval> window_of;  // by id and by symbol in upper case
  std::vector<PlacedGene> placed = read_genes(table);
  const auto add = [&](const std::string& name, const Interval& window) {
    if (name.empty()) return;
    const auto [place, is_new] = window_of.emplace(upper_case(name), window);
    if (!is_new && window.end - window.begin > place->second.end - place->second.begin) place->second = window;
  };
  for (const PlacedGene& gene : placed) {
    add(gene.id, gene.window);
    add(gene.symbol, gene.window);
  }
  GeneVocabulary genes = wanted;
  if (genes.size() == 0) {
    std::map<std::string, std::string> all;  // symbols by themselves, each once
    for (const PlacedGene& gene : placed) all.emplace(gene.symbol.empty() ? gene.id : gene.symbol, gene.id);
    for (const auto& [symbol, id] : all) append(genes, {{symbol}, {id}});
  }
  GeneVocabulary windows;
  for (std::size_t gene = 0; gene < genes.symbol.size(); ++gene) {
    auto found = window_of.find(upper_case(without_version(genes.id[gene])));
    if (found == window_of.end()) found = window_of.find(upper_case(genes.symbol[gene]));
    if (found == window_of.end()) continue;
    const Interval& window = found->second;
    append(windows, {{name_of(genes, gene)},
                     {window.chromosome + ":" + std::to_string(window.begin) + "-" + std::to_string(window.end)}});
  }
  if (windows.size() == 0) throw Error(ErrorKind::BadInput, table + ": knows the place of none of the " + std::to_string(wanted.size()) + " genes", "give the annotation of the same organism");
  return windows;
}

}  // namespace plkd

#include "shared/genes/proteins.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include "shared/genes/protein_table.h"
#include "shared/text.h"

namespace plkd {

namespace {

// Letters and digits, lower case: "HLA.DR" and "HLA-DR" are one.
std::string key_of(std::string_view name) {
  std::string key;
  for (const char letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return key;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

using Table = std::unordered_map<std::string, ProteinTag>;

Table read_table() {
  Table table;
  std::istringstream lines(kProteinTable);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::size_t first = line.find('|'), second = line.find('|', first + 1);
    const ProteinTag tag{TagKind::Protein, line.substr(0, first), words_of(line.substr(first + 1, second - first - 1))};
    table.emplace(key_of(tag.name), tag);
    for (const std::string& other : words_of(line.substr(second + 1))) table.emplace(key_of(other), tag);
  }
  // Genes name their proteins where no other does.
  const Table by_name = table;
  for (const auto& [key, tag] : by_name)
    if (tag.genes.size() == 1 && tag.genes.front() != "PTPRC") table.emplace(key_of(tag.genes.front()), tag);
  return table;
}

const ProteinTag* find(std::string_view name) {
  static const Table table = read_table();
  const auto found = table.find(key_of(name));
  return found == table.end() ? nullptr : &found->second;
}

bool starts_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

std::string without(std::string key, const char* part) {
  const std::size_t place = key.find(part);
  return place == std::string::npos ? key : key.erase(place, std::string_view(part).size());
}

// "IgG1", "mouse IgG2a kappa", "IgG1.K.Isotype.Control"; IgM and IgD mark B cells unless they are called a control.
bool is_isotype(const std::string& key) {
  if (key.find("isotype") != std::string::npos || ends_with(key, "ctrl") || ends_with(key, "control")) return true;
  std::string rest = key;
  for (const char* animal : {"mouse", "rat", "hamster", "armenian", "anti"}) rest = without(rest, animal);
  const bool has_subclass = starts_with(rest, "igg") && rest.size() > 3 && std::isdigit(static_cast<unsigned char>(rest[3])) != 0;
  return has_subclass && rest.size() <= 10;
}

// The name with what sellers and pipelines put around it taken off.
std::string bare(const std::string& name) {
  std::string key = key_of(name);
  for (const char* seller : {"totalseqa", "totalseqb", "totalseqc", "totalseq", "antihumanmouse", "antihuman", "antimouse", "adt", "prot"})
    key = without(key, seller);
  return key;
}

// "IgG1_control_TotalSeqB": what sellers put behind it hides it.
bool is_isotype_tag(const std::string& name) { return is_isotype(key_of(name)) || is_isotype(bare(name)); }

bool is_hashtag(const std::string& key) {
  return key.find("hashtag") != std::string::npos || starts_with(key, "hto") || starts_with(key, "cmo3") ||
         key == "unmapped";
}

// Pieces between separators, longest names first by their place: "CD127-IL7Ra" is tried as "CD127", then as "IL7Ra".
std::vector<std::string> pieces_of(const std::string& name) {
  std::vector<std::string> pieces(1);
  for (const char letter : name) {
    if (letter == '(' || letter == ')' || letter == '-' || letter == '_' || letter == '/' || letter == ' ')
      pieces.emplace_back();
    else
      pieces.back() += letter;
  }
  std::erase_if(pieces, [](const std::string& piece) { return piece.size() < 3; });
  return pieces;
}

// Text before and within brackets: "C-kit (CD117)".
std::vector<std::string> around_brackets(const std::string& name) {
  const std::size_t open = name.find('('), close = name.find(')', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return {};
  return {name.substr(open + 1, close - open - 1), name.substr(0, open)};
}

const ProteinTag* look_up(const std::string& name) {
  if (const ProteinTag* tag = find(name)) return tag;
  if (const ProteinTag* tag = find(bare(name))) return tag;
  for (const std::vector<std::string>& parts : {around_brackets(name), pieces_of(name)})
    for (const std::string& part : parts)
      if (const ProteinTag* tag = find(bare(part))) return tag;
  return nullptr;
}

// CD8A of human, Cd8a of mouse.
bool is_gene_of(const ProteinTag& tag, const std::string& name) {
  return std::any_of(tag.genes.begin(), tag.genes.end(), [&](const std::string& gene) {
    return name == gene || name == gene.substr(0, 1) + lower_case(gene.substr(1));
  });
}

// What a feature of this name may be: CD4 and CD19 are gene and protein, FCGR3A and CD8A are genes, CD16 and
// CD8a proteins.
enum class NamedAfter { Gene, Protein, Either };

NamedAfter named_after(const std::string& name) {
  if (is_isotype_tag(name) || is_hashtag(key_of(name))) return NamedAfter::Protein;
  const ProteinTag* tag = look_up(name);
  if (tag == nullptr) return NamedAfter::Gene;
  if (!is_gene_of(*tag, name)) return NamedAfter::Protein;
  return name == tag->name ? NamedAfter::Either : NamedAfter::Gene;
}

}  // namespace

ProteinTag resolve_protein(const std::string& name) {
  const std::string key = key_of(name);
  if (is_hashtag(key)) return {TagKind::Hashtag, name, {}};
  if (is_isotype_tag(name)) return {TagKind::Isotype, name, {}};
  if (const ProteinTag* tag = look_up(name)) return *tag;
  return {TagKind::Protein, name, {name}};
}

bool look_like_proteins(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 1000;  // no panel of antibodies is larger
  if (names.empty() || names.size() > kMost) return false;
  std::size_t genes = 0, proteins = 0;
  for (const std::string& name : names) {
    genes += named_after(name) == NamedAfter::Gene;
    proteins += named_after(name) == NamedAfter::Protein;
  }
  return proteins > genes;
}

ProteinVocabulary proteins_of(const std::vector<std::string>& tags) {
  ProteinVocabulary found;
  std::unordered_map<std::string, std::int32_t> place;
  for (const std::string& name : tags) {
    const ProteinTag tag = resolve_protein(name);
    found.protein_of_tag.push_back(-1);
    if (tag.kind == TagKind::Isotype) found.report.isotypes.push_back(name);
    if (tag.kind == TagKind::Hashtag) found.report.hashtags.push_back(name);
    if (tag.kind != TagKind::Protein) continue;
    const auto [known, is_new] = place.emplace(tag.name, static_cast<std::int32_t>(found.proteins.size()));
    found.protein_of_tag.back() = known->second;
    if (!is_new) continue;
    if (look_up(name) == nullptr) found.report.unknown.push_back(name);
    found.proteins.symbol.push_back(tag.name);
    found.proteins.id.emplace_back();
    found.proteins.alias.push_back(tag.genes);
  }
  found.report.proteins = found.proteins.size();
  return found;
}

std::string describe(const ProteinReport& report) {
  const auto counted = [](std::size_t number, const std::string& one) {
    return std::to_string(number) + " " + one + (number == 1 ? "" : "s");
  };
  std::string text = counted(static_cast<std::size_t>(report.proteins), "protein");
  if (!report.unknown.empty()) text += " (taken as they are: " + joined(report.unknown, ", ") + ")";
  if (!report.isotypes.empty()) text += ", without " + counted(report.isotypes.size(), "isotype control");
  if (!report.hashtags.empty()) text += ", without " + counted(report.hashtags.size(), "hashtag");
  return text;
}

}  // namespace plkd

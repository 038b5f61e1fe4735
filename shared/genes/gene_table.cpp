#include "shared/genes/gene_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/counts/text_lines.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

namespace {

using Fields = std::vector<std::string>;

constexpr const char* kForms =
    "give id,symbol pairs, gene,orthologue pairs, or a table whose first line names the columns: id, symbol, aliases, "
    "orthologue_symbol, orthologue_id";

Fields names_between_bars(const std::string& text) {
  Fields names = delimited_fields(text, '|');
  names.erase(std::remove(names.begin(), names.end(), ""), names.end());
  return names;
}

// Columns by what they mean, -1 where the table has none.
struct Header {
  std::ptrdiff_t id = -1, symbol = -1, aliases = -1, orthologue_symbol = -1, orthologue_id = -1;

  bool is_there() const { return std::max({id, symbol}) >= 0 && std::max({id, symbol, aliases, orthologue_symbol, orthologue_id}) > 0; }
};

Header header_of(const Fields& fields) {
  Header header;
  const std::array<std::pair<const char*, std::ptrdiff_t*>, 5> columns = {{{"id", &header.id},
                                                                           {"symbol", &header.symbol},
                                                                           {"aliases", &header.aliases},
                                                                           {"orthologue_symbol", &header.orthologue_symbol},
                                                                           {"orthologue_id", &header.orthologue_id}}};
  for (std::size_t at = 0; at < fields.size(); ++at)
    for (const auto& [name, place] : columns)
      if (lower_case(fields[at]) == name) *place = static_cast<std::ptrdiff_t>(at);
  return header;
}

struct Row {
  std::string id;
  std::string symbol;
  Fields aliases;
  Fields orthologue;  // its symbol and id, as far as given

  const std::string& name() const { return symbol.empty() ? id : symbol; }
};

// Our genes by id and symbol.
class OwnGenes {
 public:
  explicit OwnGenes(const GeneVocabulary& genes) {
    for (std::size_t gene = 0; gene < genes.symbol.size(); ++gene) {
      add(genes.id[gene], gene);
      add(genes.symbol[gene], gene);
    }
  }
  // -1 when there is none.
  std::int32_t find(const std::string& name) const {
    const auto found = place_.find(without_version(name));
    return found == place_.end() ? -1 : found->second;
  }
  bool has(const std::string& name) const { return find(name) >= 0; }

 private:
  void add(const std::string& name, std::size_t gene) {
    if (!name.empty()) place_.emplace(without_version(name), static_cast<std::int32_t>(gene));
  }
  std::unordered_map<std::string, std::int32_t> place_;
};

void set_name(Row& row, const std::string& name) {
  if (looks_like_ensembl_id(name))
    row.id = without_version(name);
  else
    row.symbol = name;
}

std::vector<Row> rows_of_pairs(const std::vector<Fields>& lines, const OwnGenes& own) {
  std::int64_t ids_and_symbols = 0, ours_first = 0, ours_second = 0;
  for (const Fields& line : lines) {
    ids_and_symbols += looks_like_ensembl_id(line[0]) != looks_like_ensembl_id(line[1]);
    ours_first += own.has(line[0]);
    ours_second += own.has(line[1]);
  }
  const bool are_ids_and_symbols = 2 * ids_and_symbols > static_cast<std::int64_t>(lines.size());
  const std::size_t ours = ours_second > ours_first ? 1 : 0;
  std::vector<Row> rows;
  for (const Fields& line : lines) {
    Row row;
    set_name(row, line[are_ids_and_symbols ? 0 : ours]);
    if (are_ids_and_symbols)
      set_name(row, line[1]);
    else if (!line[1 - ours].empty())
      row.orthologue = {line[1 - ours]};
    if (!row.name().empty()) rows.push_back(row);
  }
  return rows;
}

std::vector<Row> rows_with_header(const std::vector<Fields>& lines, Header header, const OwnGenes& own) {
  const auto at = [](const Fields& line, std::ptrdiff_t column) {
    return column < 0 ? std::string() : line[static_cast<std::size_t>(column)];
  };
  std::int64_t ours = 0, theirs = 0;
  for (const Fields& line : lines) {
    ours += own.has(at(line, header.id)) || own.has(at(line, header.symbol));
    theirs += own.has(at(line, header.orthologue_id)) || own.has(at(line, header.orthologue_symbol));
  }
  // The table's genes are the model's orthologues, and their aliases are of no use.
  if (theirs > ours) header = {header.orthologue_id, header.orthologue_symbol, -1, header.symbol, header.id};
  std::vector<Row> rows;
  for (const Fields& line : lines) {
    Row row{without_version(at(line, header.id)), at(line, header.symbol), names_between_bars(at(line, header.aliases)), {}};
    for (const std::string& name : {at(line, header.orthologue_symbol), without_version(at(line, header.orthologue_id))})
      if (!name.empty()) row.orthologue.push_back(name);
    if (!row.name().empty()) rows.push_back(row);
  }
  return rows;
}

std::vector<Row> read_rows(const std::string& path, const OwnGenes& own) {
  TextLines text(path);
  std::vector<Fields> lines;
  std::optional<Header> header;
  std::optional<char> separator;
  std::size_t columns = 0;
  while (std::optional<std::string_view> line = text.next()) {
    if (line->empty()) continue;
    if (!separator) separator = line->find('\t') != std::string_view::npos ? '\t' : ',';
    Fields fields = delimited_fields(*line, *separator);
    if (!header) {
      header = header_of(fields);
      columns = fields.size();
      if (!header->is_there() && columns != 2)
        throw Error(ErrorKind::BadInput, path + ": " + std::to_string(columns) + " columns, and the first line does not name them", kForms);
      if (header->is_there()) continue;
    }
    if (fields.size() != columns)
      throw Error(ErrorKind::BadInput,
                  path + ":" + std::to_string(text.number()) + ": " + std::to_string(fields.size()) + " fields where " +
                      std::to_string(columns) + " are expected",
                  kForms);
    lines.push_back(std::move(fields));
  }
  if (!header || lines.empty()) throw Error(ErrorKind::BadInput, path + ": holds no gene", kForms);
  return header->is_there() ? rows_with_header(lines, *header, own) : rows_of_pairs(lines, own);
}

// The gene each row is about, -1 for none of ours.
std::vector<std::int32_t> genes_of_rows(const std::vector<Row>& rows, const OwnGenes& own) {
  std::vector<std::int32_t> gene(rows.size(), -1);
  std::set<std::int32_t> named;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (!rows[at].id.empty()) gene[at] = own.find(rows[at].id);
    if (gene[at] < 0 && !rows[at].symbol.empty()) gene[at] = own.find(rows[at].symbol);
    if (gene[at] >= 0) named.insert(gene[at]);
  }
  // By an alias: of a gene that no row names otherwise and one row alone has among its aliases.
  std::map<std::int32_t, std::vector<std::size_t>> by_alias;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (gene[at] >= 0) continue;
    for (const std::string& alias : rows[at].aliases) {
      const std::int32_t found = own.find(alias);
      if (found >= 0 && named.count(found) == 0) by_alias[found].push_back(at);
    }
  }
  for (const auto& [found, places] : by_alias)
    if (places.size() == 1) gene[places.front()] = found;
  return gene;
}

// For every row the orthologue that the rule keeps; empty for none. `ambiguous` are rows whose pair is not kept.
struct KeptOrthologues {
  std::vector<char> is_kept;  // [rows]
  std::set<std::string> ambiguous;  // names of genes
};

KeptOrthologues keep_orthologues(const std::vector<Row>& rows) {
  std::map<std::string, std::set<std::string>> partners, owners;
  std::set<std::string> has_namesake;
  const auto is_namesake = [](const Row& row) { return lower_case(row.name()) == lower_case(row.orthologue.front()); };
  for (const Row& row : rows) {
    if (row.orthologue.empty()) continue;
    partners[row.name()].insert(row.orthologue.front());
    owners[row.orthologue.front()].insert(row.name());
    if (is_namesake(row)) has_namesake.insert(row.name());
  }
  KeptOrthologues kept;
  for (const Row& row : rows) {
    const bool is_only = !row.orthologue.empty() && partners[row.name()].size() == 1 && owners[row.orthologue.front()].size() == 1;
    const bool is_kept = !row.orthologue.empty() && (is_only || is_namesake(row));
    kept.is_kept.push_back(is_kept);
    if (!row.orthologue.empty() && !is_kept && has_namesake.count(row.name()) == 0) kept.ambiguous.insert(row.name());
  }
  return kept;
}

template <class T>
bool add_unless_there(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) != list.end()) return false;
  list.push_back(value);
  return true;
}

// A gene without an id gets the one that all rows about it agree on; likewise its symbol.
std::int64_t fill_in(std::vector<std::string>& names, const std::vector<Row>& rows, const std::vector<std::int32_t>& gene,
                     std::string Row::*name) {
  std::vector<std::set<std::string>> found(names.size());
  for (std::size_t at = 0; at < rows.size(); ++at)
    if (gene[at] >= 0 && !(rows[at].*name).empty()) found[static_cast<std::size_t>(gene[at])].insert(rows[at].*name);
  std::int64_t added = 0;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (!names[at].empty() || found[at].size() != 1) continue;
    names[at] = *found[at].begin();
    ++added;
  }
  return added;
}

}  // namespace

GeneTableReport add_gene_table(GeneVocabulary& genes, const std::string& path) {
  const OwnGenes own(genes);
  const std::vector<Row> rows = read_rows(path, own);
  const std::vector<std::int32_t> gene = genes_of_rows(rows, own);
  if (std::all_of(gene.begin(), gene.end(), [](std::int32_t of_row) { return of_row < 0; }))
    throw Error(ErrorKind::BadInput, path + ": names none of the model's genes",
                "check that the table is of the reference's organism and its genes are named alike");
  GeneTableReport report;
  report.ids = fill_in(genes.id, rows, gene, &Row::id);
  report.symbols = fill_in(genes.symbol, rows, gene, &Row::symbol);

  const auto size = static_cast<std::size_t>(genes.size());
  std::vector<Fields> aliases = genes.alias, orthologues = genes.orthologue;
  aliases.resize(size);
  orthologues.resize(size);
  const KeptOrthologues kept = keep_orthologues(rows);
  std::set<std::int32_t> with_alias, with_orthologue, with_ambiguous;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (gene[at] < 0) continue;
    const auto place = static_cast<std::size_t>(gene[at]);
    Fields others = rows[at].aliases;
    // A row that an alias or a symbol led to may have another id: of two genes with one symbol, say. It is no name of ours.
    if (!rows[at].symbol.empty()) others.push_back(rows[at].symbol);
    for (const std::string& name : others)
      if (name != genes.symbol[place] && name != genes.id[place] && add_unless_there(aliases[place], name)) with_alias.insert(gene[at]);
    if (kept.ambiguous.count(rows[at].name()) > 0) with_ambiguous.insert(gene[at]);
    if (!kept.is_kept[at]) continue;
    for (const std::string& name : rows[at].orthologue)
      if (add_unless_there(orthologues[place], name)) with_orthologue.insert(gene[at]);
  }
  report.aliases = static_cast<std::int64_t>(with_alias.size());
  report.orthologues = static_cast<std::int64_t>(with_orthologue.size());
  report.ambiguous = static_cast<std::int64_t>(with_ambiguous.size());
  // Lists are kept only where they say something.
  if (!genes.alias.empty() || report.aliases > 0) genes.alias = std::move(aliases);
  if (!genes.orthologue.empty() || report.orthologues > 0) genes.orthologue = std::move(orthologues);
  return report;
}

std::string describe(const GeneTableReport& report) {
  std::string text = std::to_string(report.ids) + " ids, " + std::to_string(report.symbols) + " symbols, aliases of " +
                     std::to_string(report.aliases) + " genes and orthologues of " + std::to_string(report.orthologues) + " added";
  if (report.ambiguous > 0) text += "; " + std::to_string(report.ambiguous) + " genes with several orthologues got none";
  return text;
}

}  // namespace plkd

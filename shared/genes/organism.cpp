#include "shared/genes/organism.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "shared/text.h"

namespace plkd {

namespace {

// Below this share of all genes the second organism's are spike-ins or a slip, not half of the experiment.
constexpr double kMixedShare = 0.05;
// Of symbols whose case says something; human genes like C1orf43 and mouse genes like mt-Co1 or H2-Aa are exceptions.
constexpr double kClearCase = 0.75;
constexpr std::int64_t kFewestSymbols = 10;
constexpr std::int64_t kFewestTelling = 3;

struct Genome {
  const char* prefix;
  Organism organism;
};
constexpr std::array kGenomes = {Genome{"GRCh38", Organism::Human}, Genome{"GRCh37", Organism::Human},
                                 Genome{"hg38", Organism::Human},   Genome{"hg19", Organism::Human},
                                 Genome{"GRCm39", Organism::Mouse}, Genome{"GRCm38", Organism::Mouse},
                                 Genome{"mm39", Organism::Mouse},   Genome{"mm10", Organism::Mouse}};

struct GenomeName {
  Organism organism = Organism::Unknown;
  std::size_t length = 0;  // of the genome and the underscores or dashes after it
};

// "GRCh38_CD3E", "mm10___Cd3e".
GenomeName genome_before(const std::string& name) {
  for (const Genome& genome : kGenomes) {
    const std::string_view prefix = genome.prefix;
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    const std::size_t end = name.find_first_not_of("_-", prefix.size());
    if (end == std::string::npos || end == prefix.size()) continue;
    return {genome.organism, end};
  }
  return {};
}

bool is_upper(char letter) { return std::isupper(static_cast<unsigned char>(letter)) != 0; }
bool is_lower(char letter) { return std::islower(static_cast<unsigned char>(letter)) != 0; }
bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

bool starts_with(const std::string& text, std::string_view start) { return text.compare(0, start.size(), start) == 0; }

// Families that only one of the two organisms has, in whatever case they are written.
Organism organism_told_by(const std::string& symbol) {
  const std::string name = lower_case(symbol);
  const auto digits_from = [&](std::size_t at) {
    return at < name.size() && std::all_of(name.begin() + static_cast<std::ptrdiff_t>(at), name.end(), is_digit);
  };
  if (starts_with(name, "hla-") || (starts_with(name, "linc0") && digits_from(4))) return Organism::Human;
  const bool is_riken = name.size() > 6 && is_digit(name[0]) && name.compare(name.size() - 3, 3, "rik") == 0;
  if (starts_with(name, "h2-") || is_riken || (starts_with(name, "gm") && name.size() > 4 && digits_from(2)))
    return Organism::Mouse;
  return Organism::Unknown;
}

struct Counts {
  std::int64_t human = 0;
  std::int64_t mouse = 0;
  std::int64_t other = 0;

  std::int64_t all() const { return human + mouse + other; }
  bool is_mixed() const {
    return static_cast<double>(std::min(human, mouse)) >= kMixedShare * static_cast<double>(std::max<std::int64_t>(all(), 1));
  }
  Organism most() const {
    if (other > human && other > mouse) return Organism::Other;
    return human >= mouse ? Organism::Human : Organism::Mouse;
  }
  void add(Organism organism) {
    if (organism == Organism::Human) ++human;
    if (organism == Organism::Mouse) ++mouse;
    if (organism == Organism::Other) ++other;
  }
};

std::string percent(std::int64_t part, std::int64_t all) {
  return std::to_string(std::lround(100 * static_cast<double>(part) / static_cast<double>(all))) + " %";
}

Organism organism_of_id(const std::string& id) {
  if (starts_with(id, "ENSG")) return Organism::Human;
  return starts_with(id, "ENSMUSG") ? Organism::Mouse : Organism::Other;
}

OrganismGuess by_prefix(const Counts& counts, const std::string& what, const std::string& human, const std::string& mouse) {
  if (counts.is_mixed())
    return {Organism::Mixed, percent(counts.human, counts.all()) + " of " + what + " begin with " + human + ", " +
                                 percent(counts.mouse, counts.all()) + " with " + mouse};
  const Organism most = counts.most();
  if (most == Organism::Other)
    return {most, percent(counts.other, counts.all()) + " of " + what + " are neither " + human + " nor " + mouse};
  const bool is_human = most == Organism::Human;
  return {most, percent(is_human ? counts.human : counts.mouse, counts.all()) + " of " + what + " begin with " +
                    (is_human ? human : mouse)};
}

// Human symbols are in capitals (CD3E), mouse symbols have one (Cd3e).
OrganismGuess by_case(const std::vector<std::string>& symbols) {
  std::int64_t capitals = 0, one_capital = 0;
  for (const std::string& symbol : symbols) {
    const auto upper = std::count_if(symbol.begin(), symbol.end(), is_upper);
    const auto lower = std::count_if(symbol.begin(), symbol.end(), is_lower);
    if (upper + lower < 2) continue;
    if (lower == 0) ++capitals;
    if (upper == 1 && is_upper(symbol.front())) ++one_capital;
  }
  const std::int64_t all = capitals + one_capital;
  if (all < kFewestSymbols) return {Organism::Unknown, "too few symbols tell"};
  const bool is_human = capitals > one_capital;
  const std::int64_t most = std::max(capitals, one_capital);
  if (static_cast<double>(most) < kClearCase * static_cast<double>(all))
    return {Organism::Unknown, percent(capitals, all) + " of symbols are in capitals like human genes, the others like mouse genes"};
  return {is_human ? Organism::Human : Organism::Mouse,
          percent(most, all) + " of symbols are written like " + (is_human ? "human genes (CD3E)" : "mouse genes (Cd3e)")};
}

}  // namespace

OrganismGuess guess_organism(const GeneVocabulary& genes) {
  Counts ids, genomes, telling;
  for (const std::string& id : genes.id)
    if (looks_like_ensembl_id(id)) ids.add(organism_of_id(id));
  std::string human_gene, mouse_gene;
  for (const std::string& symbol : genes.symbol) {
    const GenomeName genome = genome_before(symbol);
    genomes.add(genome.organism);
    const Organism told = organism_told_by(symbol.substr(genome.length));
    telling.add(told);
    if (told == Organism::Human && human_gene.empty()) human_gene = symbol;
    if (told == Organism::Mouse && mouse_gene.empty()) mouse_gene = symbol;
  }
  const auto many = [&](const Counts& counts) { return 2 * counts.all() > genes.size(); };
  if (many(ids)) return by_prefix(ids, "Ensembl ids", "ENSG", "ENSMUSG");
  if (many(genomes)) return by_prefix(genomes, "names", "a human genome's name (GRCh38_)", "a mouse genome's (mm10_)");
  const std::int64_t most = std::max(telling.human, telling.mouse);
  if (most < kFewestTelling || most < 10 * std::min(telling.human, telling.mouse)) return by_case(genes.symbol);
  const bool is_human = telling.human > telling.mouse;
  return {is_human ? Organism::Human : Organism::Mouse,
          std::to_string(most) + " symbols are of genes that only " + (is_human ? "human" : "mouse") + " has (" +
              (is_human ? human_gene : mouse_gene) + ")"};
}

GeneVocabulary genes_of(const GeneVocabulary& genes, Organism organism) {
  const auto is_foreign = [&](Organism other) {
    return other != Organism::Unknown && other != organism && (organism == Organism::Human || organism == Organism::Mouse);
  };
  GeneVocabulary own = genes;
  for (std::size_t gene = 0; gene < own.symbol.size(); ++gene) {
    std::string& name = own.symbol[gene];
    const GenomeName genome = genome_before(name);
    const Organism by_id = looks_like_ensembl_id(own.id[gene]) ? organism_of_id(own.id[gene]) : Organism::Unknown;
    name = is_foreign(genome.organism) || is_foreign(by_id) ? "" : name.substr(genome.length);
    if (!looks_like_ensembl_id(name)) continue;
    own.id[gene] = name;
    name.clear();
  }
  return own;
}

Organism organism_named(const std::string& text) {
  const std::string name = lower_case(text);
  const auto says = [&](const char* word) { return name.find(word) != std::string::npos; };
  const bool is_human = says("human") || says("homo sapiens") || says("h. sapiens");
  const bool is_mouse = says("mouse") || says("mus musculus") || says("m. musculus") || says("murine");
  if (is_human && is_mouse) return Organism::Mixed;
  if (is_human) return Organism::Human;
  if (is_mouse) return Organism::Mouse;
  return name.empty() ? Organism::Unknown : Organism::Other;
}

std::string name_of(Organism organism) {
  switch (organism) {
    case Organism::Unknown:
      return "not known";
    case Organism::Human:
      return "human";
    case Organism::Mouse:
      return "mouse";
    case Organism::Other:
      return "another organism";
    case Organism::Mixed:
      return "human and mouse";
  }
  return "not known";
}

}  // namespace plkd

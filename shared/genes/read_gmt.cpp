#include <algorithm>
#include <cstddef>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "shared/error.h"
#include "shared/genes/patterns.h"

namespace plkd {
namespace {

struct GeneSet {
  std::string name;
  std::vector<std::size_t> names;  // indices into GmtFile::gene_names, each once
};

struct GmtFile {
  std::vector<GeneSet> sets;
  std::vector<std::string> gene_names;  // of all sets, each once
};

std::vector<std::string> split_at_tabs(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t begin = 0;
  while (true) {
    const std::size_t tab = line.find('\t', begin);
    fields.push_back(line.substr(begin, tab - begin));
    if (tab == std::string::npos) return fields;
    begin = tab + 1;
  }
}

GmtFile parse(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorKind::BadInput, path + ": cannot be opened",
                "check the path, or use --patterns learned");
  }
  GmtFile parsed;
  std::map<std::string, std::size_t> known;
  std::string line;
  for (std::int64_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::vector<std::string> fields = split_at_tabs(line);
    if (fields.size() < 3 || fields[0].empty()) {
      throw Error(ErrorKind::BadInput, path + ":" + std::to_string(number) + ": not a gene set in GMT format",
                  "each line needs a name, a description and genes, separated by tabs");
    }
    GeneSet set{fields[0], {}};
    for (std::size_t i = 2; i < fields.size(); ++i) {
      if (fields[i].empty()) continue;
      const auto [place, is_new] = known.emplace(fields[i], parsed.gene_names.size());
      if (is_new) parsed.gene_names.push_back(fields[i]);
      set.names.push_back(place->second);
    }
    std::sort(set.names.begin(), set.names.end());
    set.names.erase(std::unique(set.names.begin(), set.names.end()), set.names.end());
    parsed.sets.push_back(std::move(set));
  }
  return parsed;
}

// The patterns with most genes, ties in file order, put back into file order.
std::vector<Pattern> largest(std::vector<Pattern> patterns, std::int64_t count) {
  std::vector<std::size_t> order(patterns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return patterns[a].genes.size() > patterns[b].genes.size();
  });
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max<std::int64_t>(count, 0))));
  std::sort(order.begin(), order.end());
  std::vector<Pattern> kept;
  for (const std::size_t i : order) kept.push_back(std::move(patterns[i]));
  return kept;
}

}  // namespace

std::vector<Pattern> read_gmt(const std::string& path, const GeneVocabulary& genes,
                              const PatternLimits& limits) {
  const GmtFile file = parse(path);
  const GeneAlignment alignment = align(vocabulary_from_names(file.gene_names), genes);

  std::vector<Pattern> patterns;
  std::size_t most_genes = 0;
  for (const GeneSet& set : file.sets) {
    if (static_cast<std::int64_t>(set.names.size()) > limits.max_genes_in_set) continue;
    Pattern pattern{set.name, {}};
    for (const std::size_t name : set.names) {
      if (alignment.model_gene[name] >= 0) pattern.genes.push_back(alignment.model_gene[name]);
    }
    std::sort(pattern.genes.begin(), pattern.genes.end());
    pattern.genes.erase(std::unique(pattern.genes.begin(), pattern.genes.end()), pattern.genes.end());
    most_genes = std::max(most_genes, pattern.genes.size());
    if (static_cast<std::int64_t>(pattern.genes.size()) >= limits.min_genes)
      patterns.push_back(std::move(pattern));
  }
  if (patterns.empty()) {
    throw Error(ErrorKind::BadInput,
                path + ": none of its " + std::to_string(file.sets.size()) + " gene sets has " +
                    std::to_string(limits.min_genes) + " genes among the " + std::to_string(genes.size()) +
                    " in use (the best has " + std::to_string(most_genes) + ")",
                "is it for the same species and kind of gene name? --patterns learned needs no file");
  }
  return largest(std::move(patterns), limits.max_patterns);
}

}  // namespace plkd

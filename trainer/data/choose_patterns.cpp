#include "trainer/data/choose_patterns.h"

#include <algorithm>
#include <random>

#include "shared/error.h"
#include "trainer/data/modalities.h"

namespace plkd {
namespace {

constexpr double kRandomShare = 0.015;  // of the genes in a random pattern, as published
constexpr std::int64_t kRandomPatterns = 300;
constexpr std::int64_t kMostTries = 20;  // for each pattern wanted, until its size is within the limits

std::vector<Pattern> learned(const CountMatrix& expression, const GeneVocabulary& genes,
                             const ChoosePatternsOptions& options) {
  LearnPatternsOptions learn;
  learn.min_genes = options.min_genes;
  if (options.max_genes > 0) learn.max_genes = options.max_genes;
  if (options.max_patterns > 0) learn.patterns = options.max_patterns;
  learn.seed = options.seed;
  std::vector<Pattern> patterns = learn_patterns(expression, genes, learn);
  if (patterns.empty()) {
    throw Error(ErrorKind::BadInput,
                "no co-expression module of " + std::to_string(options.min_genes) +
                    " genes or more is in the reference",
                "check that the matrix holds counts of single cells, or lower --min-pattern-genes");
  }
  return patterns;
}

std::vector<Pattern> from_gmt(const GeneVocabulary& genes, const ChoosePatternsOptions& options) {
  PatternLimits limits;
  limits.min_genes = options.min_genes;
  if (options.max_genes > 0) limits.max_genes_in_set = options.max_genes;
  if (options.max_patterns > 0) limits.max_patterns = options.max_patterns;
  return read_gmt(options.source, genes, limits);
}

std::vector<Pattern> random(const GeneVocabulary& genes, const ChoosePatternsOptions& options) {
  const std::int64_t wanted = options.max_patterns > 0 ? options.max_patterns : kRandomPatterns;
  const std::int64_t most = options.max_genes > 0 ? options.max_genes : genes.size();
  std::mt19937_64 rng(options.seed);
  std::vector<Pattern> patterns;
  for (std::int64_t drawn = 0; drawn < kMostTries * wanted; ++drawn) {
    Pattern pattern{"random " + std::to_string(patterns.size() + 1), {}};
    for (std::int32_t gene = 0; gene < genes.size(); ++gene) {
      if (static_cast<double>(rng() >> 11) * 0x1.0p-53 < kRandomShare) pattern.genes.push_back(gene);
    }
    const auto size = static_cast<std::int64_t>(pattern.genes.size());
    if (size >= options.min_genes && size <= most) patterns.push_back(std::move(pattern));
    if (static_cast<std::int64_t>(patterns.size()) == wanted) break;
  }
  if (patterns.empty()) {
    throw Error(ErrorKind::BadInput,
                "no random pattern of " + std::to_string(genes.size()) + " genes has " +
                    std::to_string(options.min_genes) + " to " + std::to_string(most) + " of them",
                "each takes 1.5 % of the genes: raise --genes, or loosen --min-pattern-genes and "
                "--max-pattern-genes");
  }
  return patterns;
}

// Modules of what no gene's pattern says anything of: peaks, and proteins where they are few or alone. Few features have few
// modules, which is no error.
std::vector<Pattern> modules_of(const CountMatrix& expression, const GeneVocabulary& features, const FeatureBlock& block,
                                std::uint64_t seed) {
  std::vector<std::int32_t> chosen = features_in(block);
  // A window of a gene bears the gene's name, a peak its place.
  if (block.modality == Modality::Chromatin)
    std::erase_if(chosen, [&](std::int32_t feature) { return features.symbol[at(feature)] != features.id[at(feature)]; });
  LearnPatternsOptions learn;
  learn.patterns = std::clamp<std::int64_t>(static_cast<std::int64_t>(chosen.size()) / 4, 1, learn.patterns);
  learn.min_genes = 2;
  learn.seed = seed;
  std::vector<Pattern> modules = learn_patterns(select_features(expression, chosen), select_genes(features, chosen), learn);
  for (Pattern& module : modules)
    for (std::int32_t& feature : module.genes) feature = chosen[at(feature)];
  return modules;
}

}  // namespace

std::vector<Pattern> choose_patterns(const CountMatrix& expression, const GeneVocabulary& genes,
                                     const ChoosePatternsOptions& options) {
  if (options.source == "learned") return learned(expression, genes, options);
  if (options.source == "random") return random(genes, options);
  return from_gmt(genes, options);
}

std::vector<Pattern> choose_patterns(const CountMatrix& expression, const GeneVocabulary& features,
                                     const std::vector<FeatureBlock>& blocks, const ChoosePatternsOptions& options) {
  if (blocks.empty()) return choose_patterns(expression, features, options);
  std::vector<Pattern> patterns;
  if (blocks.front().modality == Modality::Rna)
    patterns = choose_patterns(select_features(expression, features_in(blocks.front())), features_of(features, blocks.front()), options);
  const std::vector<Pattern> others = patterns_of_others(patterns, features, blocks);
  patterns.insert(patterns.end(), others.begin(), others.end());
  for (const FeatureBlock& block : blocks) {
    if (block.modality == Modality::Rna) continue;
    const std::vector<Pattern> modules = modules_of(expression, features, block, options.seed);
    patterns.insert(patterns.end(), modules.begin(), modules.end());
  }
  return patterns;
}

std::string kind_of(const ChoosePatternsOptions& options) {
  return options.source == "learned" || options.source == "random" ? options.source : "gene sets";
}

}  // namespace plkd

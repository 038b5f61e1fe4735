#include "trainer/data/corrupt.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "shared/simulate/lose_counts.h"
#include "shared/simulate/sampling.h"
#include "trainer/data/modalities.h"

namespace plkd {
namespace {

using sampling::uniform;

// One factor a gene, 0 for genes the pseudo-batch lacks. A panel of antibodies is small and chosen: none of it is missing.
std::vector<float> gene_factors(std::int64_t genes, const std::vector<FeatureBlock>& blocks,
                                const CorruptionOptions& options, std::mt19937_64& rng) {
  std::normal_distribution<double> logarithm(0, std::max(options.gene_spread, 1e-12));
  const double masked_share = uniform(rng) * options.max_masked;
  std::vector<float> factors;
  for (std::int64_t gene = 0; gene < genes; ++gene) {
    const double factor = std::exp(logarithm(rng));
    factors.push_back(uniform(rng) < masked_share ? 0.0f : static_cast<float>(factor));
  }
  for (const FeatureBlock& block : blocks)
    if (block.modality == Modality::Protein) std::fill(factors.begin() + block.first, factors.begin() + block.end, 1.0f);
  return factors;
}

// Of many molecules as the standard library draws them: the published models were trained so.
std::int64_t binomial(std::int64_t n, double rate, std::mt19937_64& rng) {
  if (n > 32) return std::binomial_distribution<std::int64_t>(n, rate)(rng);
  return sampling::binomial(n, rate, rng);
}

double draw_rate(const CorruptionOptions& options, std::mt19937_64& rng) {
  if (uniform(rng) >= options.thinned_share) return 1;
  return std::exp(uniform(rng) * std::log(options.min_rate));
}

}  // namespace

Cells corrupt(const Cells& cells, const std::vector<FeatureBlock>& blocks, const CorruptionOptions& options, std::mt19937_64& rng) {
  const std::int64_t end_of_library = end_of_rna(blocks, cells.counts.genes);
  std::vector<std::vector<float>> factors;  // [pseudo-batches][genes]
  for (std::int64_t i = 0; i < options.pseudo_batches; ++i) {
    factors.push_back(gene_factors(cells.counts.genes, blocks, options, rng));
  }
  Cells corrupted;
  corrupted.counts.genes = cells.counts.genes;
  corrupted.label = cells.label;
  for (std::size_t cell = 0; cell < cells.label.size(); ++cell) {
    const std::vector<float>& factor = factors[rng() % factors.size()];
    const double rate = draw_rate(options, rng);
    const std::size_t begin = at(cells.counts.row_begin[cell]), end = at(cells.counts.row_begin[cell + 1]);
    const float unit = molecule_of({cells.counts.count.data() + begin, cells.counts.count.data() + end});
    double before = 0, after = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const float count = cells.counts.count[i];
      const bool is_of_library = cells.counts.gene[i] < end_of_library;
      if (is_of_library) before += count;
      float kept = count * factor[at(cells.counts.gene[i])];
      if (rate < 1 && kept > 0) {
        const std::int64_t units = molecules_in(count, unit);
        kept *= static_cast<float>(binomial(units, rate, rng)) / static_cast<float>(units);
      }
      if (kept <= 0) continue;
      if (is_of_library) after += kept;
      corrupted.counts.gene.push_back(cells.counts.gene[i]);
      corrupted.counts.count.push_back(kept);
    }
    corrupted.counts.row_begin.push_back(corrupted.counts.entries());
    // The part of the library outside the chosen genes was sequenced as shallowly.
    corrupted.library.push_back(std::max(0.0, cells.library[cell] - before) * rate + after);
  }
  drop_modalities(corrupted, blocks, options.modality_dropout, rng);
  return corrupted;
}

}  // namespace plkd

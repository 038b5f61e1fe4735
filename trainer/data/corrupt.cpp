#include "trainer/data/corrupt.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "shared/preprocess/complete_panel.h"
#include "shared/simulate/lose_counts.h"
#include "shared/simulate/sampling.h"
#include "trainer/data/modalities.h"

namespace plkd {
namespace {

using sampling::uniform;

// What cells that are corrupted together share.
struct PseudoBatch {
  std::vector<float> factor;   // [features], 0 for what it lacks
  PanelCompletion completion;  // of its proteins, as a query's
};

PseudoBatch draw_pseudo_batch(std::int64_t features, const PreprocessRecipe& recipe, const CorruptionOptions& options,
                              std::mt19937_64& rng) {
  std::normal_distribution<double> logarithm(0, std::max(options.gene_spread, 1e-12));
  const double masked_share = uniform(rng) * options.max_masked;
  const FeatureBlock* const block = block_of(recipe, Modality::Protein);
  const FeatureBlock proteins = block != nullptr ? *block : FeatureBlock{};
  const bool may_lack_proteins = proteins.size() > 0 && !is_panel_alone(recipe.blocks);
  const bool has_other_panel = may_lack_proteins && uniform(rng) < options.other_panels;
  const double missing_share = has_other_panel ? uniform(rng) * options.max_missing_proteins : 0;
  PseudoBatch batch;
  std::vector<std::int32_t> missing;
  for (std::int64_t feature = 0; feature < features; ++feature) {
    const bool is_protein = feature >= proteins.first && feature < proteins.end;
    const double factor = std::exp(logarithm(rng));
    const bool is_missing = uniform(rng) < (is_protein ? missing_share : masked_share);
    batch.factor.push_back(is_missing ? 0.0f : static_cast<float>(factor));
    if (is_missing && is_protein) missing.push_back(static_cast<std::int32_t>(feature));
  }
  batch.completion = {recipe, missing};
  return batch;
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

// `batch_of`: each cell's.
void complete_panels(CountMatrix& counts, const std::vector<PseudoBatch>& batches, const std::vector<std::size_t>& batch_of) {
  const auto is_whole = [](const PseudoBatch& batch) { return batch.completion.changes_nothing(); };
  if (std::all_of(batches.begin(), batches.end(), is_whole)) return;
  CountMatrix completed;
  completed.genes = counts.genes;
  for (std::size_t cell = 0; cell < batch_of.size(); ++cell)
    batches[batch_of[cell]].completion.append(counts, static_cast<std::int64_t>(cell), completed);
  counts = std::move(completed);
}

}  // namespace

Cells corrupt(const Cells& cells, const PreprocessRecipe& recipe, const CorruptionOptions& options, std::mt19937_64& rng) {
  const std::int64_t end_of_library = end_of_rna(recipe.blocks, cells.counts.genes);
  std::vector<PseudoBatch> batches;
  for (std::int64_t i = 0; i < options.pseudo_batches; ++i) {
    batches.push_back(draw_pseudo_batch(cells.counts.genes, recipe, options, rng));
  }
  std::vector<std::size_t> batch_of;  // [cells]
  Cells corrupted;
  corrupted.counts.genes = cells.counts.genes;
  corrupted.label = cells.label;
  for (std::size_t cell = 0; cell < cells.label.size(); ++cell) {
    batch_of.push_back(rng() % batches.size());
    const std::vector<float>& factor = batches[batch_of.back()].factor;
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
  complete_panels(corrupted.counts, batches, batch_of);
  drop_modalities(corrupted, recipe.blocks, options.modality_dropout, rng);
  return corrupted;
}

}  // namespace plkd

#include "trainer/data/modalities.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "shared/text.h"

namespace plkd {
namespace {

bool is_in(const FeatureBlock& block, std::int32_t feature) { return feature >= block.first && feature < block.end; }

// The cells' entries that `keeps` says yes to, cell by cell.
template <class Keeps>
CountMatrix filtered(const CountMatrix& counts, const Keeps& keeps) {
  CountMatrix kept;
  kept.genes = counts.genes;
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) {
    for (std::int64_t i = counts.row_begin[at(cell)]; i < counts.row_begin[at(cell) + 1]; ++i) {
      if (!keeps(cell, counts.gene[at(i)])) continue;
      kept.gene.push_back(counts.gene[at(i)]);
      kept.count.push_back(counts.count[at(i)]);
    }
    kept.row_begin.push_back(kept.entries());
  }
  return kept;
}

// Symbols of the genes behind a feature, in upper case: a protein's are its aliases, a stretch of chromatin bears its gene's name.
std::vector<std::string> genes_behind(const GeneVocabulary& features, std::int32_t feature, Modality modality) {
  std::vector<std::string> genes;
  if (modality == Modality::Chromatin) genes.push_back(features.symbol[at(feature)]);
  else if (!features.alias.empty()) genes = features.alias[at(feature)];
  for (std::string& gene : genes) gene = upper_case(gene);
  return genes;
}

}  // namespace

std::int64_t end_of_rna(const std::vector<FeatureBlock>& blocks, std::int64_t features) {
  if (blocks.empty()) return features;
  return blocks.front().modality == Modality::Rna ? blocks.front().end : 0;
}

bool is_panel_alone(const std::vector<FeatureBlock>& blocks) {
  return blocks.size() == 1 && blocks.front().modality == Modality::Protein;
}

std::vector<std::int32_t> features_in(const FeatureBlock& block) {
  std::vector<std::int32_t> features(at(block.size()));
  std::iota(features.begin(), features.end(), static_cast<std::int32_t>(block.first));
  return features;
}

CountMatrix select_features(const CountMatrix& counts, const std::vector<std::int32_t>& chosen) {
  GeneAlignment places;
  places.model_gene.assign(at(counts.genes), -1);
  for (std::size_t i = 0; i < chosen.size(); ++i) places.model_gene[at(chosen[i])] = static_cast<std::int32_t>(i);
  places.report.model_genes = static_cast<std::int64_t>(chosen.size());
  return apply(places, counts);
}

std::vector<FeatureBlock> blocks_of_chosen(const std::vector<FeatureBlock>& blocks, const std::vector<std::int32_t>& chosen) {
  std::vector<FeatureBlock> left;
  std::int64_t first = 0;
  for (const FeatureBlock& block : blocks) {
    const auto size = std::count_if(chosen.begin(), chosen.end(), [&](std::int32_t feature) { return is_in(block, feature); });
    left.push_back({block.modality, first, first + size});
    first += size + 1;
  }
  return left;
}

Cells only_modalities(const Cells& cells, const std::vector<FeatureBlock>& blocks, const std::vector<Modality>& kept) {
  if (kept.empty()) return cells;
  return {only_modalities(cells.counts, blocks, kept), cells.library, cells.label};
}

void drop_modalities(Cells& cells, const std::vector<FeatureBlock>& blocks, double probability, std::mt19937_64& rng) {
  if (blocks.size() < 2 || probability <= 0) return;
  std::bernoulli_distribution is_dropped(probability);
  std::vector<std::int32_t> dropped;  // [cells], -1 for none
  for (std::int64_t cell = 0; cell < cells.size(); ++cell) {
    const auto block = static_cast<std::int32_t>(rng() % blocks.size());
    const std::int32_t* const begin = cells.counts.gene.data() + cells.counts.row_begin[at(cell)];
    const std::int32_t* const end = cells.counts.gene.data() + cells.counts.row_begin[at(cell) + 1];
    const bool has_others = std::any_of(begin, end, [&](std::int32_t feature) { return !is_in(blocks[at(block)], feature); });
    dropped.push_back(is_dropped(rng) && has_others ? block : -1);
  }
  cells.counts = filtered(cells.counts, [&](std::int64_t cell, std::int32_t feature) {
    return dropped[at(cell)] < 0 || !is_in(blocks[at(dropped[at(cell)])], feature);
  });
}

std::vector<std::int64_t> measured_in(const Cells& cells, const std::vector<FeatureBlock>& blocks) {
  std::vector<std::int64_t> measured(at(cells.size()));
  for (std::int64_t cell = 0; cell < cells.size(); ++cell) {
    for (std::int64_t i = cells.counts.row_begin[at(cell)]; i < cells.counts.row_begin[at(cell) + 1]; ++i)
      for (std::size_t k = 0; k < blocks.size(); ++k)
        if (is_in(blocks[k], cells.counts.gene[at(i)])) measured[at(cell)] |= std::int64_t{1} << k;
  }
  return measured;
}

std::vector<std::vector<Modality>> proper_subsets(const std::vector<FeatureBlock>& blocks) {
  std::vector<Modality> all;
  for (const FeatureBlock& block : blocks) all.push_back(block.modality);
  std::vector<std::vector<Modality>> subsets = choices_of(all);
  if (!subsets.empty()) subsets.pop_back();
  return subsets;
}

std::vector<Pattern> patterns_of_others(const std::vector<Pattern>& of_genes, const GeneVocabulary& features, const std::vector<FeatureBlock>& blocks) {
  std::vector<Pattern> patterns;
  for (const FeatureBlock& block : blocks) {
    if (block.modality == Modality::Rna) continue;
    for (const Pattern& pattern : of_genes) {
      std::set<std::string> genes;
      for (const std::int32_t gene : pattern.genes) genes.insert(upper_case(features.symbol[at(gene)]));
      Pattern of_block{pattern.name + ": " + in_words(block.modality), {}};
      for (auto feature = static_cast<std::int32_t>(block.first); feature < block.end; ++feature) {
        const std::vector<std::string> behind = genes_behind(features, feature, block.modality);
        if (std::any_of(behind.begin(), behind.end(), [&](const std::string& gene) { return genes.count(gene) > 0; }))
          of_block.genes.push_back(feature);
      }
      if (!of_block.genes.empty()) patterns.push_back(std::move(of_block));
    }
    Pattern all{"all " + in_words(block.modality), {}};
    for (auto feature = static_cast<std::int32_t>(block.first); feature < block.end; ++feature) all.genes.push_back(feature);
    patterns.push_back(std::move(all));
  }
  return patterns;
}

}  // namespace plkd

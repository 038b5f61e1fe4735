#include "shared/preprocess/log_normalise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "shared/student/kernel.h"

namespace plkd {

namespace {

// Factors of a cell's counts before log(1 + x); 0 where there is nothing to scale.
float scale_of_library(double library, const PreprocessRecipe& recipe) {
  return library > 0 ? static_cast<float>(static_cast<double>(recipe.target_sum) / library) : 0.0F;
}

float scale_of_proteins(std::span<const float> counts, std::int64_t proteins) {
  double logarithms = 0;
  for (const float count : counts) logarithms += std::log1p(static_cast<double>(count));
  return static_cast<float>(std::exp(-logarithms / static_cast<double>(proteins)));
}

float scale_of(const FeatureBlock& block, std::span<const float> counts, double library, const PreprocessRecipe& recipe) {
  switch (block.modality) {
    case Modality::Rna:
      return scale_of_library(library, recipe);
    case Modality::Protein:
      return scale_of_proteins(counts, block.size());
    case Modality::Chromatin: {
      double sum = 0;
      for (const float count : counts) sum += static_cast<double>(count);
      return scale_of_library(sum, recipe);
    }
  }
  return 0;
}

// A cell's entries within a block; a flag that is there already is none of them.
struct Entries {
  std::size_t begin = 0, end = 0;
};
Entries entries_of(const CountMatrix& counts, std::size_t cell, const FeatureBlock& block) {
  const std::int32_t* const gene = counts.gene.data();
  const std::int32_t* const first = gene + counts.row_begin[cell];
  const std::int32_t* const last = gene + counts.row_begin[cell + 1];
  const std::int32_t* const begin = std::lower_bound(first, last, static_cast<std::int32_t>(block.first));
  const std::int32_t* const end = std::lower_bound(begin, last, static_cast<std::int32_t>(block.end));
  return {static_cast<std::size_t>(begin - gene), static_cast<std::size_t>(end - gene)};
}

LogNormaliseResult normalise_blocks(CountMatrix& counts, const std::vector<double>& library, const PreprocessRecipe& recipe) {
  const Kernel& kernel = best_kernel();
  LogNormaliseResult result;
  CountMatrix flagged;
  flagged.genes = counts.genes;
  flagged.row_begin.reserve(counts.row_begin.size());
  flagged.gene.reserve(counts.gene.size() + library.size() * recipe.blocks.size());
  flagged.count.reserve(flagged.gene.capacity());
  for (std::size_t cell = 0; cell < library.size(); ++cell) {
    for (const FeatureBlock& block : recipe.blocks) {
      const Entries of_block = entries_of(counts, cell, block);
      const std::span<const float> measured(counts.count.data() + of_block.begin, of_block.end - of_block.begin);
      const float scale = scale_of(block, measured, library[cell], recipe);
      if (measured.empty() || scale <= 0) continue;
      const std::size_t before = flagged.count.size();
      flagged.gene.insert(flagged.gene.end(), counts.gene.data() + of_block.begin, counts.gene.data() + of_block.end);
      flagged.count.insert(flagged.count.end(), measured.begin(), measured.end());
      kernel.log_scaled(flagged.count.data() + before, static_cast<std::int64_t>(measured.size()), scale);
      flagged.gene.push_back(static_cast<std::int32_t>(block.end));
      flagged.count.push_back(1);
    }
    result.empty_cells += flagged.entries() == flagged.row_begin.back();
    flagged.row_begin.push_back(flagged.entries());
  }
  counts = std::move(flagged);
  return result;
}

}  // namespace

const FeatureBlock* block_of(const PreprocessRecipe& recipe, Modality modality) {
  for (const FeatureBlock& block : recipe.blocks)
    if (block.modality == modality) return &block;
  return nullptr;
}

LogNormaliseResult log_normalise(CountMatrix& counts, const std::vector<double>& library,
                                 const PreprocessRecipe& recipe) {
  if (!recipe.blocks.empty()) return normalise_blocks(counts, library, recipe);
  const std::vector<float> scale = scales_of(library, recipe);
  log_scaled(counts, scale);
  return {std::count(scale.begin(), scale.end(), 0.0F)};
}

std::vector<float> scales_of(const std::vector<double>& library, const PreprocessRecipe& recipe) {
  std::vector<float> scale;
  scale.reserve(library.size());
  for (const double counts : library) scale.push_back(scale_of_library(counts, recipe));
  return scale;
}

void log_scaled(CountMatrix& counts, const std::vector<float>& scale) {
  const Kernel& kernel = best_kernel();
  for (std::size_t cell = 0; cell < scale.size(); ++cell) {
    const std::int64_t begin = counts.row_begin[cell], end = counts.row_begin[cell + 1];
    kernel.log_scaled(counts.count.data() + begin, end - begin, scale[cell]);
  }
}

}  // namespace plkd

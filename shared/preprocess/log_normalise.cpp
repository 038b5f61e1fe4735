#include "shared/preprocess/log_normalise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "shared/counts/row_entries.h"
#include "shared/preprocess/complete_panel.h"
#include "shared/student/kernel.h"

namespace plkd {

namespace {

// Factors of a cell's counts before log(1 + x); 0 where there is nothing to scale.
float scale_of_library(double library, const PreprocessRecipe& recipe) {
  return library > 0 ? static_cast<float>(static_cast<double>(recipe.target_sum) / library) : 0.0F;
}

float scale_of_proteins(std::span<const float> counts, std::int64_t proteins) {
  return static_cast<float>(std::exp(-sum_of_logarithms(counts) / static_cast<double>(proteins)));
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
      const RowEntries measured = entries_of(counts, static_cast<std::int64_t>(cell), block.first, block.end);
      const float scale = scale_of(block, measured.count, library[cell], recipe);
      if (measured.gene.empty() || scale <= 0) continue;
      const std::size_t before = flagged.count.size();
      flagged.gene.insert(flagged.gene.end(), measured.gene.begin(), measured.gene.end());
      flagged.count.insert(flagged.count.end(), measured.count.begin(), measured.count.end());
      kernel.log_scaled(flagged.count.data() + before, static_cast<std::int64_t>(measured.count.size()), scale);
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

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "shared/model/model.h"
#include "tests/support/matrices.h"

namespace plkd::test {

inline std::vector<float> random_values(std::mt19937_64& rng, std::int64_t size, float scale) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = scale * (static_cast<float>(rng() % 2001) / 1000 - 1);
  return values;
}

inline Linear random_linear(std::mt19937_64& rng, std::int64_t in, std::int64_t out) {
  return {in, out, random_values(rng, in * out, 0.3F), random_values(rng, out, 0.1F)};
}

// A model with weights drawn at random: genes G0.., types T0..; widths that are no multiple of a register. It has all a model
// may have: LayerNorm, a direct layer and scored patterns.
inline Model random_model(std::uint64_t seed, std::int64_t genes = 37, std::int64_t classes = 5) {
  std::mt19937_64 rng(seed);
  Model model;
  model.card.name = "random";
  model.genes = numbered_genes(genes);
  for (std::int64_t type = 0; type < classes; ++type) model.classes.push_back({"T" + std::to_string(type), "", 10});
  std::int64_t width = genes;
  for (const std::int64_t next : {18, 7}) {
    model.student.hidden.push_back(random_linear(rng, width, next));
    LayerNorm norm;
    norm.gain = random_values(rng, next, 1);
    norm.shift = random_values(rng, next, 1);
    model.student.norm.push_back(norm);
    width = next;
  }
  model.student.head = random_linear(rng, width, classes);
  model.student.map = random_linear(rng, width, 2);
  for (int percent = 0; percent <= 100; ++percent)
    model.calibration.novelty_quantiles.push_back(-5 + static_cast<float>(percent) / 10);
  model.patterns = {{"first three", {0, 1, 2}, {0.5F, 0.25F, 1}}, {"last two", {3, 4}, {1, 2}}, {"all", {0, 1, 2, 3, 4}}};
  model.student.direct = random_linear(rng, genes, classes);
  model.student.patterns = random_linear(rng, width, 3);
  return model;
}

// The same of RNA and proteins: the last `proteins` features but the flags are proteins P0...
inline Model random_model_of_two(std::uint64_t seed, std::int64_t genes = 30, std::int64_t proteins = 5) {
  Model model = random_model(seed, genes + proteins + 2);
  model.recipe.blocks = {{Modality::Rna, 0, genes}, {Modality::Protein, genes + 1, genes + 1 + proteins}};
  for (const FeatureBlock& block : model.recipe.blocks) model.genes.symbol[static_cast<std::size_t>(block.end)] = flag_name(block.modality);
  for (std::int64_t protein = 0; protein < proteins; ++protein) {
    model.genes.symbol[static_cast<std::size_t>(genes + 1 + protein)] = "P" + std::to_string(protein);
    model.recipe.typical_proteins.push_back(static_cast<float>(protein) / 4 - 0.5F);
  }
  return model;
}

// A space for novelty, drawn at random as well: numbers of three digits, as the model file keeps them.
inline void add_novelty(Model& model, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  const auto drawn = [&](std::int64_t size) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < size; ++i)
      values.push_back(static_cast<float>(static_cast<int>(rng() % 2001) - 1000) / 1000);
    return values;
  };
  Novelty& novelty = model.calibration.novelty;
  novelty.width = model.student.latent_width() + model.student.classes();
  novelty.whitening = drawn(novelty.width * (novelty.width + 1) / 2);
  novelty.centre = drawn(novelty.width * model.student.classes());
}

}  // namespace plkd::test

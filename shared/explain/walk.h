#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/simulate/lose_counts.h"

namespace plkd {

// A gene of the model, or another of its features, as it was measured in one cell.
struct WalkGene {
  std::string name;
  float count = 0;
  float value = 0;  // log-normalised
};

// One cell on its way through the Student: what goes in, what each layer people can read makes of it, and the label.
struct Walk {
  double library = 0;                // counts of the cell, all genes
  std::int64_t detected = 0;         // genes with any count
  std::vector<WalkGene> genes;       // highest values first, ties in order of the model's genes
  std::vector<float> patterns;       // [patterns], scores; empty unless the model explains
  std::vector<float> hidden;         // [latent width], the last hidden layer
  std::vector<float> probabilities;  // [classes], calibrated
  Annotations label;                 // of this one cell
};

struct WalkOptions {
  Noise noise = {};  // the cell as such a laboratory would have seen it
  DecideOptions decide = {};
  std::size_t genes = 20;  // shown
};

Walk walk(Query& query, const Model& model, std::int64_t cell, const WalkOptions& options = {});

// Labels of cells [first, end) as if their counts were noisy; without noise those of `annotate`.
Annotations annotate_noisy(Query& query, const Model& model, std::int64_t first, std::int64_t end, const Noise& noise,
                           const DecideOptions& options = {});

}  // namespace plkd

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"

namespace plkd {

// y = x W + b. In a model file: Gemm "<name>.weight" [in x out], "<name>.bias" [out].
struct Linear {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::vector<float> weight;  // [in x out]
  std::vector<float> bias;    // [out]
};

// (x - mean) / sqrt(variance + epsilon) * gain + shift over the width. "<name>.gain" [width], "<name>.shift" [width].
struct LayerNorm {
  float epsilon = 1e-5f;
  std::vector<float> gain;
  std::vector<float> shift;
};

// The distilled network: [Linear -> LayerNorm -> GELU (erf)] for each hidden layer, then Linear to the classes. The
// latent is the last hidden layer. `map` is a fixed projection of the latent to two dimensions (the first two
// principal components of the reference's latents), so that every query falls on the same map.
//
// Tensors in file order, G genes, H1 H2 widths, C classes:
//   hidden.0.weight [G x H1]   hidden.0.bias [H1]   hidden.0.gain [H1]   hidden.0.shift [H1]
//   hidden.1.weight [H1 x H2]  hidden.1.bias [H2]   hidden.1.gain [H2]   hidden.1.shift [H2]
//   head.weight [H2 x C]       head.bias [C]        map.weight [H2 x 2]  map.bias [2]
struct Student {
  std::vector<Linear> hidden;
  std::vector<LayerNorm> norm;  // one per hidden layer
  Linear head;
  Linear map;

  std::int64_t genes() const { return hidden.front().in; }
  std::int64_t classes() const { return head.out; }
  std::int64_t latent_width() const { return head.in; }
};

// "mlp-v1:3000-256-128-11": kept in the model file and compared with its tensors on reading.
std::string architecture_of(const Student& student);

struct StudentOutput {
  std::vector<float> logits;  // [cells x classes], before temperature
  std::vector<float> latent;  // [cells x latent width]
  std::vector<float> map;     // [cells x 2]
};

// Runs cells of log-normalised expression over the model's genes. The first layer touches only the genes a cell
// expresses; results do not depend on which cells are run together.
StudentOutput run_student(const Student& student, const CountMatrix& expression);

}  // namespace plkd

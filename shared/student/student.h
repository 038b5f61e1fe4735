#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/student/aligned_floats.h"

namespace plkd {

// y = x W + b. In a model file: Gemm "<name>.weight" [in x out], "<name>.bias" [out].
struct Linear {
  std::int64_t in = 0;
  std::int64_t out = 0;
  AlignedFloats weight;  // [in x out]
  AlignedFloats bias;    // [out]
};

// (x - mean) / sqrt(variance + epsilon) * gain + shift over the width. "<name>.gain" [width], "<name>.shift" [width].
struct LayerNorm {
  float epsilon = 1e-5f;
  std::vector<float> gain;
  std::vector<float> shift;
};

// The distilled network: [Linear -> GELU (erf)] for each hidden layer, then Linear to the classes; in the published form a
// LayerNorm stands before each GELU. `direct` adds a linear function of the expression to the logits: far from the reference
// it errs differently from the hidden layers, and the sum errs less. The latent is the last hidden layer. `map` is a fixed projection of the latent to two
// dimensions (the first two principal components of the reference's latents), so that every query falls on the same map.
// `patterns` says what each pattern has to do with the label, as the Teacher sees it; a Student trained without a Teacher
// has none.
//
// Tensors in file order, G genes, H1 H2 widths, C classes:
//   hidden.0.weight [G x H1]   hidden.0.bias [H1]   (with LayerNorm: hidden.0.gain [H1]  hidden.0.shift [H1])
//   hidden.1.weight [H1 x H2]  hidden.1.bias [H2]   (with LayerNorm: hidden.1.gain [H2]  hidden.1.shift [H2])
//   head.weight [H2 x C]       head.bias [C]        map.weight [H2 x 2]  map.bias [2]
//   direct.weight [G x C]      direct.bias [C]      (when there is a direct layer)
//   patterns.weight [H2 x P]   patterns.bias [P]    (when there are patterns)
struct Student {
  std::vector<Linear> hidden;
  std::vector<LayerNorm> norm;  // one per hidden layer, or none
  Linear head;
  Linear map;
  Linear direct;    // no outputs when there is none
  Linear patterns;  // no outputs when there are none

  std::int64_t genes() const { return hidden.front().in; }
  std::int64_t classes() const { return head.out; }
  std::int64_t latent_width() const { return head.in; }
  std::int64_t pattern_count() const { return patterns.out; }
  bool has_direct() const { return direct.out > 0; }
};

// "mlp-v2:3000-256-128-11+direct+64" with a direct layer and 64 patterns, "mlp-v1:..." with LayerNorm: kept in the model
// file and compared with its tensors on reading.
std::string architecture_of(const Student& student);

struct StudentOutput {
  std::vector<float> logits;  // [cells x classes], before temperature
  std::vector<float> latent;  // [cells x latent width]
  std::vector<float> map;     // [cells x 2]
  // [cells x patterns] when they were asked for: a pattern's activity in this cell times the Teacher's attention to it, in
  // standard deviations over the reference. Positive: expressed and looked at; negative: absent and looked at.
  std::vector<float> patterns = {};
};

// Patterns cost about as much again as the layers after the first, and only explanations need them.
enum class StudentTask { Label, LabelAndExplain };

// Runs cells of log-normalised expression over the model's genes. The first layer touches only the genes a cell
// expresses; results do not depend on which cells are run together.
StudentOutput run_student(const Student& student, const CountMatrix& expression, StudentTask task = StudentTask::Label);

}  // namespace plkd

#pragma once

#include <cmath>
#include <vector>

#include "shared/student/student.h"

namespace plkd::test {

// The Student in three nested loops and double: obvious and slow.
struct NaiveOutput {
  std::vector<double> logits;
  std::vector<double> latent;
  std::vector<double> map;
  std::vector<double> patterns;
};

inline std::vector<double> naive_linear(const Linear& layer, const std::vector<double>& x) {
  std::vector<double> y(layer.bias.begin(), layer.bias.end());
  for (std::size_t in = 0; in < x.size(); ++in)
    for (std::size_t out = 0; out < y.size(); ++out)
      y[out] += x[in] * static_cast<double>(layer.weight[in * y.size() + out]);
  return y;
}

inline std::vector<double> naive_layer_norm(const LayerNorm& norm, const std::vector<double>& x) {
  const auto width = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (const double value : x) mean += value / width;
  for (const double value : x) variance += (value - mean) * (value - mean) / width;
  std::vector<double> y;
  for (std::size_t at = 0; at < x.size(); ++at)
    y.push_back((x[at] - mean) / std::sqrt(variance + static_cast<double>(norm.epsilon)) * static_cast<double>(norm.gain[at]) +
                static_cast<double>(norm.shift[at]));
  return y;
}

inline NaiveOutput naive_student(const Student& student, const std::vector<float>& expression) {
  std::vector<double> h(expression.begin(), expression.end());
  for (std::size_t layer = 0; layer < student.hidden.size(); ++layer) {
    h = naive_linear(student.hidden[layer], h);
    if (!student.norm.empty()) h = naive_layer_norm(student.norm[layer], h);
    for (double& y : h) y = y / 2 * (1 + std::erf(y / std::sqrt(2.0)));
  }
  std::vector<double> logits = naive_linear(student.head, h);
  if (student.has_direct()) {
    const std::vector<double> direct = naive_linear(student.direct, {expression.begin(), expression.end()});
    for (std::size_t label = 0; label < logits.size(); ++label) logits[label] += direct[label];
  }
  return {logits, h, naive_linear(student.map, h), naive_linear(student.patterns, h)};
}

}  // namespace plkd::test

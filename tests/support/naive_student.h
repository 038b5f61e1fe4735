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
};

inline std::vector<double> naive_linear(const Linear& layer, const std::vector<double>& x) {
  std::vector<double> y(layer.bias.begin(), layer.bias.end());
  for (std::size_t in = 0; in < x.size(); ++in)
    for (std::size_t out = 0; out < y.size(); ++out)
      y[out] += x[in] * static_cast<double>(layer.weight[in * y.size() + out]);
  return y;
}

inline NaiveOutput naive_student(const Student& student, const std::vector<float>& expression) {
  std::vector<double> h(expression.begin(), expression.end());
  for (std::size_t layer = 0; layer < student.hidden.size(); ++layer) {
    h = naive_linear(student.hidden[layer], h);
    double mean = 0, variance = 0;
    for (const double value : h) mean += value / static_cast<double>(h.size());
    for (const double value : h) variance += (value - mean) * (value - mean) / static_cast<double>(h.size());
    const LayerNorm& norm = student.norm[layer];
    for (std::size_t at = 0; at < h.size(); ++at) {
      const double y = (h[at] - mean) / std::sqrt(variance + static_cast<double>(norm.epsilon)) *
                           static_cast<double>(norm.gain[at]) +
                       static_cast<double>(norm.shift[at]);
      h[at] = y / 2 * (1 + std::erf(y / std::sqrt(2.0)));
    }
  }
  return {naive_linear(student.head, h), h, naive_linear(student.map, h)};
}

}  // namespace plkd::test

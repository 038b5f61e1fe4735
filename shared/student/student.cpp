#include "shared/student/student.h"

#include "shared/student/run_with.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace plkd {

namespace {

Weights weights_of(const Linear& layer) { return {layer.in, layer.out, layer.weight.data(), layer.bias.data()}; }

void normalise(const LayerNorm& norm, std::span<float> x) {
  const auto width = static_cast<double>(x.size());
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value);
  const double mean = sum / width;
  double squares = 0;
  for (const float value : x) squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  const double inverse_deviation = 1 / std::sqrt(squares / width + static_cast<double>(norm.epsilon));

  for (std::size_t h = 0; h < x.size(); ++h) {
    const float scaled = static_cast<float>((static_cast<double>(x[h]) - mean) * inverse_deviation);
    x[h] = scaled * norm.gain[h] + norm.shift[h];
  }
}

// One row for each cell.
void fill(float* y, const AlignedFloats& row, std::int64_t cells) {
  for (std::int64_t cell = 0; cell < cells; ++cell) y = std::copy(row.begin(), row.end(), y);
}

// The hidden layers but for the last one, of the cells that are run together.
std::vector<AlignedFloats> room_for_hidden(const Student& student, std::int64_t cells) {
  std::vector<AlignedFloats> hidden;
  for (std::size_t layer = 0; layer + 1 < student.hidden.size(); ++layer)
    hidden.emplace_back(static_cast<std::size_t>(student.hidden[layer].out * std::min(cells, kCellsTogether)));
  return hidden;
}

}  // namespace

std::string architecture_of(const Student& student) {
  std::string widths = std::to_string(student.genes());
  for (const Linear& layer : student.hidden) widths += "-" + std::to_string(layer.out);
  widths += "-" + std::to_string(student.classes());
  if (student.has_direct()) widths += "+direct";
  if (student.pattern_count() > 0) widths += "+" + std::to_string(student.pattern_count());
  return (student.norm.empty() ? "mlp-v2:" : "mlp-v1:") + widths;
}

StudentOutput run_student(const Student& student, const CountMatrix& expression, StudentTask task) {
  return run_student(student, expression, task, best_kernel());
}

StudentOutput run_student(const Student& student, const CountMatrix& expression, StudentTask task, const Kernel& kernel) {
  const std::int64_t cells = expression.cells(), classes = student.classes(), latent_width = student.latent_width();
  const std::int64_t patterns = task == StudentTask::LabelAndExplain ? student.pattern_count() : 0;
  StudentOutput output;
  output.logits.resize(static_cast<std::size_t>(cells * classes));
  output.latent.resize(static_cast<std::size_t>(cells * latent_width));
  output.map.resize(static_cast<std::size_t>(cells * 2));
  output.patterns.resize(static_cast<std::size_t>(cells * patterns));

  std::vector<AlignedFloats> hidden = room_for_hidden(student, cells);
  for (std::int64_t first = 0; first < cells; first += kCellsTogether) {
    const std::int64_t together = std::min(kCellsTogether, cells - first);
    const ExpressedGenes expressed = {together, expression.row_begin.data() + first, expression.gene.data(),
                                      expression.count.data()};
    float* const latent = output.latent.data() + first * latent_width;
    const float* below = nullptr;
    for (std::size_t at = 0; at < student.hidden.size(); ++at) {
      const Linear& layer = student.hidden[at];
      float* const y = at < hidden.size() ? hidden[at].data() : latent;
      if (at == 0) {
        fill(y, layer.bias, together);
        kernel.add_expressed(weights_of(layer), expressed, y);
      } else {
        kernel.run_linear(weights_of(layer), below, together, y);
      }
      if (!student.norm.empty())
        for (std::int64_t cell = 0; cell < together; ++cell)
          normalise(student.norm[at], {y + cell * layer.out, static_cast<std::size_t>(layer.out)});
      kernel.gelu(y, together * layer.out);
      below = y;
    }
    float* const logits = output.logits.data() + first * classes;
    kernel.run_linear(weights_of(student.head), latent, together, logits);
    if (student.has_direct()) {
      for (std::int64_t at = 0; at < together * classes; ++at)
        logits[at] += student.direct.bias[static_cast<std::size_t>(at % classes)];
      kernel.add_expressed(weights_of(student.direct), expressed, logits);
    }
    kernel.run_linear(weights_of(student.map), latent, together, output.map.data() + first * 2);
    if (patterns > 0)
      kernel.run_linear(weights_of(student.patterns), latent, together, output.patterns.data() + first * patterns);
  }
  return output;
}

}  // namespace plkd

#include "shared/student/student.h"

#include <algorithm>
#include <cmath>

namespace plkd {

namespace {

// Four floats in one register, on SSE, NEON and wasm SIMD alike; unaligned in memory.
typedef float Lanes __attribute__((vector_size(16), aligned(4)));
constexpr std::int64_t kLanes = 4;

Lanes& lanes(float* at) { return *reinterpret_cast<Lanes*>(at); }
const Lanes& lanes(const float* at) { return *reinterpret_cast<const Lanes*>(at); }
Lanes all(float value) { return Lanes{} + value; }

// y += sum of x[k] * row(k) over `entries` rows of `width` weights. Four rows at a time, so that y is loaded and stored once
// for four: the loop is bound by the bandwidth of the weights' cache. Kept out of line: V8 compiles a wasm function that
// is called often with its best compiler, and one that runs once not at all.
template <class RowOf>
__attribute__((noinline)) void add_rows(float* y, std::int64_t width, std::int64_t entries, const float* x,
                                        RowOf row_of) {
  std::int64_t k = 0;
  for (; k + 4 <= entries; k += 4) {
    const float *a = row_of(k), *b = row_of(k + 1), *c = row_of(k + 2), *d = row_of(k + 3);
    const Lanes xa = all(x[k]), xb = all(x[k + 1]), xc = all(x[k + 2]), xd = all(x[k + 3]);
    std::int64_t h = 0;
    for (; h + kLanes <= width; h += kLanes)
      lanes(y + h) += xa * lanes(a + h) + xb * lanes(b + h) + xc * lanes(c + h) + xd * lanes(d + h);
    for (; h < width; ++h) y[h] += x[k] * a[h] + x[k + 1] * b[h] + x[k + 2] * c[h] + x[k + 3] * d[h];
  }
  for (; k < entries; ++k) {
    const float* a = row_of(k);
    for (std::int64_t h = 0; h < width; ++h) y[h] += x[k] * a[h];
  }
}

// One cell through a layer whose inputs are all there.
void run_linear(const Linear& layer, const float* x, float* y) {
  std::copy(layer.bias.begin(), layer.bias.end(), y);
  const float* weight = layer.weight.data();
  const std::int64_t width = layer.out;
  add_rows(y, width, layer.in, x, [=](std::int64_t k) { return weight + k * width; });
}

// Adds one cell's expression through a layer of genes, touching only the rows of the genes it expresses.
void add_expressed(const Linear& layer, const std::int32_t* gene, const float* expression, std::int64_t entries, float* y) {
  const float* weight = layer.weight.data();
  const std::int64_t width = layer.out;
  add_rows(y, width, entries, expression, [=](std::int64_t k) { return weight + gene[k] * width; });
}

void normalise(const LayerNorm& norm, std::vector<float>& x) {
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

void gelu(std::vector<float>& x) {
  constexpr float kInverseRoot2 = 0.70710678F;
  for (float& value : x) value = 0.5F * value * (1 + std::erf(value * kInverseRoot2));
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
  const auto cells = static_cast<std::size_t>(expression.cells());
  const auto classes = static_cast<std::size_t>(student.classes());
  const auto latent_width = static_cast<std::size_t>(student.latent_width());
  StudentOutput output;
  output.logits.resize(cells * classes);
  output.latent.resize(cells * latent_width);
  output.map.resize(cells * 2);
  const auto patterns =
      task == StudentTask::LabelAndExplain ? static_cast<std::size_t>(student.pattern_count()) : std::size_t{0};
  output.patterns.resize(cells * patterns);

  std::vector<std::vector<float>> hidden;
  for (const Linear& layer : student.hidden) hidden.emplace_back(static_cast<std::size_t>(layer.out));
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::int64_t begin = expression.row_begin[cell], entries = expression.row_begin[cell + 1] - begin;
    const std::int32_t* gene = expression.gene.data() + begin;
    const float* value = expression.count.data() + begin;
    hidden[0] = student.hidden[0].bias;
    add_expressed(student.hidden[0], gene, value, entries, hidden[0].data());
    for (std::size_t layer = 0; layer < hidden.size(); ++layer) {
      if (layer > 0) run_linear(student.hidden[layer], hidden[layer - 1].data(), hidden[layer].data());
      if (!student.norm.empty()) normalise(student.norm[layer], hidden[layer]);
      gelu(hidden[layer]);
    }
    const std::vector<float>& latent = hidden.back();
    std::copy(latent.begin(), latent.end(), output.latent.begin() + static_cast<std::ptrdiff_t>(cell * latent_width));
    float* logits = output.logits.data() + cell * classes;
    run_linear(student.head, latent.data(), logits);
    if (student.has_direct()) {
      for (std::size_t label = 0; label < classes; ++label) logits[label] += student.direct.bias[label];
      add_expressed(student.direct, gene, value, entries, logits);
    }
    run_linear(student.map, latent.data(), output.map.data() + cell * 2);
    if (patterns > 0) run_linear(student.patterns, latent.data(), output.patterns.data() + cell * patterns);
  }
  return output;
}

}  // namespace plkd

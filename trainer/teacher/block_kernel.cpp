#include "trainer/teacher/block_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "trainer/teacher/attention_kernel.h"
#include "trainer/teacher/exponential.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PLKD_WIDE __attribute__((target("arch=x86-64-v4")))
#else
#define PLKD_WIDE
#endif

namespace plkd {
namespace {

constexpr std::int64_t kLanes = 16;  // floats in a register
constexpr float kNormEpsilon = 1e-6f;

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef std::int32_t WholeLanes __attribute__((vector_size(64), aligned(4), may_alias));

PLKD_INLINE Lanes& lanes(float* values) { return *reinterpret_cast<Lanes*>(values); }
PLKD_INLINE const Lanes& lanes(const float* values) { return *reinterpret_cast<const Lanes*>(values); }

// Where the left factor of a product lies: entry (i, step) at values[i * row + step * next].
struct Left {
  const float* values;
  std::int64_t row, next;
};

enum class Begin { Zero, Bias, Sum };

// sum_(i,j) = start_(i,j) + sum over steps of left_(i,step) right_(step,j), for a tile that fills the registers.
template <int kRows, int kVectors>
PLKD_INLINE void multiply_tile(std::int64_t steps, const Left& left, const float* __restrict right,
                               std::int64_t right_row, float* __restrict sum, std::int64_t sum_row, Begin begin,
                               const float* bias) {
  Lanes tile[kRows][kVectors];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) {
      if (begin == Begin::Zero)
        tile[i][j] = Lanes{};
      else
        tile[i][j] = begin == Begin::Bias ? lanes(bias + j * kLanes) : lanes(sum + i * sum_row + j * kLanes);
    }
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    Lanes in[kVectors];
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) in[j] = lanes(right + step * right_row + j * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const float factor = left.values[i * left.row + step * left.next];
#pragma GCC unroll 8
      for (int j = 0; j < kVectors; ++j) tile[i][j] += factor * in[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) lanes(sum + i * sum_row + j * kLanes) = tile[i][j];
  }
}

template <int kVectors>
PLKD_INLINE void multiply_columns(std::int64_t rows, std::int64_t steps, const Left& left, const float* right,
                                  std::int64_t right_row, float* sum, std::int64_t sum_row, Begin begin,
                                  const float* bias) {
  std::int64_t i = 0;
  const auto left_at = [&](std::int64_t row) { return Left{left.values + row * left.row, left.row, left.next}; };
  for (; i + 8 <= rows; i += 8)
    multiply_tile<8, kVectors>(steps, left_at(i), right, right_row, sum + i * sum_row, sum_row, begin, bias);
  for (; i + 4 <= rows; i += 4)
    multiply_tile<4, kVectors>(steps, left_at(i), right, right_row, sum + i * sum_row, sum_row, begin, bias);
  for (; i < rows; ++i)
    multiply_tile<1, kVectors>(steps, left_at(i), right, right_row, sum + i * sum_row, sum_row, begin, bias);
}

// sum [rows x columns] from left [rows x steps] and right [steps x columns].
PLKD_WIDE void multiply(std::int64_t rows, std::int64_t columns, std::int64_t steps, const Left& left,
                        const float* right, float* sum, Begin begin, const float* bias) {
  std::int64_t j = 0;
  const auto bias_at = [&](std::int64_t column) { return begin == Begin::Bias ? bias + column : nullptr; };
  for (; j + 3 * kLanes <= columns; j += 3 * kLanes)
    multiply_columns<3>(rows, steps, left, right + j, columns, sum + j, columns, begin, bias_at(j));
  for (; j < columns; j += kLanes)
    multiply_columns<1>(rows, steps, left, right + j, columns, sum + j, columns, begin, bias_at(j));
}

// out = in weight + bias, weight [in x out].
void linear(std::int64_t rows, std::int64_t in, std::int64_t out, const float* input, const float* weight,
            const float* bias, float* output) {
  multiply(rows, out, in, {input, in, 1}, weight, output, Begin::Bias, bias);
}

// What reaches the input of such a layer; weight [out x in].
void linear_to_input(std::int64_t rows, std::int64_t in, std::int64_t out, const float* gradient, const float* weight,
                     float* to_input, Begin begin) {
  multiply(rows, in, out, {gradient, out, 1}, weight, to_input, begin, nullptr);
}

// And its weights: [out x in], [out].
PLKD_WIDE void linear_to_weights(std::int64_t rows, std::int64_t in, std::int64_t out, const float* gradient,
                                 const float* input, float* to_weight, float* to_bias) {
  multiply(out, in, rows, {gradient, 1, out}, input, to_weight, Begin::Sum, nullptr);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t o = 0; o < out; ++o) to_bias[o] += gradient[row * out + o];
  }
}

struct Standard {
  float mean, scale;
};

PLKD_INLINE Standard standard_of(const float* row, std::int64_t width) {
  float sum = 0, squares = 0;
  for (std::int64_t k = 0; k < width; ++k) sum += row[k];
  const float mean = sum / static_cast<float>(width);
  for (std::int64_t k = 0; k < width; ++k) squares += (row[k] - mean) * (row[k] - mean);
  return {mean, 1 / std::sqrt(squares / static_cast<float>(width) + kNormEpsilon)};
}

PLKD_WIDE void layer_norm(std::int64_t rows, std::int64_t width, const float* __restrict input,
                          const float* __restrict gain, const float* __restrict shift, float* __restrict output) {
  for (std::int64_t i = 0; i < rows; ++i) {
    const float* row = input + i * width;
    const Standard standard = standard_of(row, width);
    for (std::int64_t k = 0; k < width; ++k)
      output[i * width + k] = (row[k] - standard.mean) * standard.scale * gain[k] + shift[k];
  }
}

// to_input = what `gradient` makes of the layer's input.
PLKD_WIDE void layer_norm_backward(std::int64_t rows, std::int64_t width, const float* __restrict input,
                                   const float* __restrict gain, const float* __restrict gradient,
                                   float* __restrict to_gain, float* __restrict to_shift, float* __restrict to_input) {
  for (std::int64_t i = 0; i < rows; ++i) {
    const float *row = input + i * width, *of_row = gradient + i * width;
    const Standard standard = standard_of(row, width);
    float mean = 0, mean_along = 0;
    for (std::int64_t k = 0; k < width; ++k) {
      const float level = (row[k] - standard.mean) * standard.scale;
      to_gain[k] += of_row[k] * level;
      to_shift[k] += of_row[k];
      mean += of_row[k] * gain[k];
      mean_along += of_row[k] * gain[k] * level;
    }
    mean /= static_cast<float>(width);
    mean_along /= static_cast<float>(width);
    for (std::int64_t k = 0; k < width; ++k) {
      const float level = (row[k] - standard.mean) * standard.scale;
      to_input[i * width + k] = standard.scale * (of_row[k] * gain[k] - mean - level * mean_along);
    }
  }
}

// out = add + values after dropout; add may be null, and out the values themselves.
PLKD_WIDE void drop(std::int64_t size, const DropoutBytes& dropout, const float* values, const float* add,
                    float* out) {
  const float scale = 256.0f / static_cast<float>(256 - dropout.zeros);
#pragma GCC ivdep
  for (std::int64_t i = 0; i < size; ++i) {
    const float factor = dropout.bytes == nullptr ? 1 : (dropout.bytes[i] >= dropout.zeros ? scale : 0.0f);
    out[i] = (add == nullptr ? 0 : add[i]) + values[i] * factor;
  }
}

// exp for kLeastExponent <= x <= 0.
PLKD_INLINE Lanes exp_of_negatives(const Lanes& x) {
  const WholeLanes power = __builtin_convertvector(x * kPowersOfTwo - 0.5f, WholeLanes);
  const Lanes whole = __builtin_convertvector(power, Lanes);
  const Lanes rest = (x - whole * kLog2High) - whole * kLog2Low;
  return exp_of_rest(rest) * reinterpret_cast<Lanes>((power + 127) << 23);
}

// The share of a normal distribution below x, to 1e-7: (1 + erf(x / sqrt 2)) / 2, erf by two polynomials that meet
// at 0.92.
PLKD_INLINE Lanes normal_share(const Lanes& x) {
  const Lanes a = x * 0.70710678f, s = a * a;
  const Lanes t = a < 0.0f ? -a : a;
  Lanes far = t * -1.72853470e-5f + 3.83197126e-4f;
  far = far * s + (t * -3.88396438e-3f + 2.42546219e-2f);
  far = far * t - 1.06777877e-1f;
  far = far * t - 6.34846687e-1f;
  far = far * t - 1.28717512e-1f;
  far = far * t - t;
  far = far < kLeastExponent ? Lanes{} + kLeastExponent : far;
  far = 1.0f - exp_of_negatives(far);
  far = a < 0.0f ? -far : far;
  Lanes near = s * -5.96761703e-4f + 4.99119423e-3f;
  near = near * s - 2.67681349e-2f;
  near = near * s + 1.12819925e-1f;
  near = near * s - 3.76125336e-1f;
  near = near * s + 1.28379166e-1f;
  near = near * a + a;
  return 0.5f + 0.5f * (t > 0.921875f ? far : near);
}

PLKD_WIDE void gelu(std::int64_t size, const float* input, float* output) {
  for (std::int64_t i = 0; i < size; i += kLanes) {
    const Lanes x = lanes(input + i);
    lanes(output + i) = x * normal_share(x);
  }
}

// gradient becomes that of the input.
PLKD_WIDE void gelu_backward(std::int64_t size, const float* input, float* gradient) {
  constexpr float kDensity = 0.39894228f;  // 1 / sqrt(2 pi)
  for (std::int64_t i = 0; i < size; i += kLanes) {
    const Lanes x = lanes(input + i);
    Lanes power = -0.5f * x * x;
    power = power < kLeastExponent ? Lanes{} + kLeastExponent : power;
    lanes(gradient + i) *= normal_share(x) + x * kDensity * exp_of_negatives(power);
  }
}

HeadShape head_of(const BlockShape& shape) {
  return {shape.queries, shape.tokens, shape.embed / shape.heads, shape.embed, 2 * shape.embed};
}

using Scratch = std::vector<float>;

Scratch scratch(std::int64_t rows, std::int64_t columns) { return Scratch(static_cast<std::size_t>(rows * columns)); }

}  // namespace

bool can_run_block(const BlockShape& shape) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
  return shape.embed % kLanes == 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return shape.embed < 0;  // nobody has measured it there
#endif
}

void run_block(const BlockShape& shape, const BlockParameters<const float>& transposed, const BlockDropout& dropout,
               const float* tokens, const BlockKept& kept, float* updated) {
  const std::int64_t embed = shape.embed, queries = shape.queries, wide = 4 * embed;
  Scratch normed = scratch(shape.tokens, embed), narrow = scratch(queries, embed), activated = scratch(queries, wide);
  layer_norm(shape.tokens, embed, tokens, transposed.attention_gain, transposed.attention_shift, normed.data());
  linear(queries, embed, embed, normed.data(), transposed.query, transposed.query_bias, kept.query);
  linear(shape.tokens, embed, 2 * embed, normed.data(), transposed.key_value, transposed.key_value_bias,
         kept.key_value);
  const HeadShape head = head_of(shape);
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const std::int64_t column = h * head.width;
    attend_head(head, kept.query + column, kept.key_value + column, kept.key_value + embed + column,
                kept.mixed + column, nullptr);
  }
  linear(queries, embed, embed, kept.mixed, transposed.project, transposed.project_bias, narrow.data());
  drop(queries * embed, dropout.project, narrow.data(), tokens, kept.attended);

  layer_norm(queries, embed, kept.attended, transposed.mlp_gain, transposed.mlp_shift, normed.data());
  linear(queries, embed, wide, normed.data(), transposed.widen, transposed.widen_bias, kept.wide);
  gelu(queries * wide, kept.wide, activated.data());
  drop(queries * wide, dropout.widen, activated.data(), nullptr, activated.data());
  linear(queries, wide, embed, activated.data(), transposed.narrow, transposed.narrow_bias, narrow.data());
  drop(queries * embed, dropout.narrow, narrow.data(), kept.attended, updated);
}

void run_block_backward(const BlockShape& shape, const BlockParameters<const float>& parameters,
                        const BlockDropout& dropout, const float* tokens, const BlockKept& kept,
                        const float* updated_gradient, const BlockParameters<float>& gradient,
                        float* tokens_gradient) {
  const std::int64_t embed = shape.embed, queries = shape.queries, wide = 4 * embed;
  Scratch of_narrow = scratch(queries, embed), activated = scratch(queries, wide), of_wide = scratch(queries, wide),
          normed = scratch(shape.tokens, embed), of_normed = scratch(shape.tokens, embed),
          of_attended = scratch(queries, embed), of_query = scratch(queries, embed),
          of_key_value = scratch(shape.tokens, 2 * embed);

  drop(queries * embed, dropout.narrow, updated_gradient, nullptr, of_narrow.data());
  gelu(queries * wide, kept.wide, activated.data());
  drop(queries * wide, dropout.widen, activated.data(), nullptr, activated.data());
  linear_to_weights(queries, wide, embed, of_narrow.data(), activated.data(), gradient.narrow, gradient.narrow_bias);
  linear_to_input(queries, wide, embed, of_narrow.data(), parameters.narrow, of_wide.data(), Begin::Zero);
  drop(queries * wide, dropout.widen, of_wide.data(), nullptr, of_wide.data());
  gelu_backward(queries * wide, kept.wide, of_wide.data());
  layer_norm(queries, embed, kept.attended, parameters.mlp_gain, parameters.mlp_shift, normed.data());
  linear_to_weights(queries, embed, wide, of_wide.data(), normed.data(), gradient.widen, gradient.widen_bias);
  linear_to_input(queries, embed, wide, of_wide.data(), parameters.widen, of_normed.data(), Begin::Zero);
  layer_norm_backward(queries, embed, kept.attended, parameters.mlp_gain, of_normed.data(), gradient.mlp_gain,
                      gradient.mlp_shift, of_attended.data());
  for (std::int64_t i = 0; i < queries * embed; ++i) of_attended[static_cast<std::size_t>(i)] += updated_gradient[i];

  drop(queries * embed, dropout.project, of_attended.data(), nullptr, of_narrow.data());
  linear_to_weights(queries, embed, embed, of_narrow.data(), kept.mixed, gradient.project, gradient.project_bias);
  float* of_mixed = of_normed.data();  // done with, and large enough
  linear_to_input(queries, embed, embed, of_narrow.data(), parameters.project, of_mixed, Begin::Zero);
  const HeadShape head = head_of(shape);
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const std::int64_t column = h * head.width;
    attend_head_backward(
        head, kept.query + column, kept.key_value + column, kept.key_value + embed + column, of_mixed + column,
        {of_query.data() + column, of_key_value.data() + column, of_key_value.data() + embed + column});
  }
  layer_norm(shape.tokens, embed, tokens, parameters.attention_gain, parameters.attention_shift, normed.data());
  linear_to_weights(queries, embed, embed, of_query.data(), normed.data(), gradient.query, gradient.query_bias);
  linear_to_weights(shape.tokens, embed, 2 * embed, of_key_value.data(), normed.data(), gradient.key_value,
                    gradient.key_value_bias);
  linear_to_input(shape.tokens, embed, 2 * embed, of_key_value.data(), parameters.key_value, of_normed.data(),
                  Begin::Zero);
  linear_to_input(queries, embed, embed, of_query.data(), parameters.query, of_normed.data(), Begin::Sum);
  layer_norm_backward(shape.tokens, embed, tokens, parameters.attention_gain, of_normed.data(),
                      gradient.attention_gain, gradient.attention_shift, tokens_gradient);
  for (std::int64_t i = 0; i < queries * embed; ++i) tokens_gradient[i] += of_attended[static_cast<std::size_t>(i)];
}

}  // namespace plkd

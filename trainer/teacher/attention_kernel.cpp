#include "trainer/teacher/attention_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "trainer/teacher/exponential.h"

// One body for every processor: the widest that the machine has is chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PLKD_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLKD_EVERY_PROCESSOR
#endif

namespace plkd {
namespace {

constexpr std::int64_t kTile = 4;    // queries at a time, and dimensions at a time
constexpr std::int64_t kLanes = 16;  // floats in the widest register

std::int64_t round_up(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit * unit; }

// out_i += sum_j factor_(i,j) in_j, for a tile of rows out and a tile of rows in.
PLKD_INLINE void add_combination(const float (&factor)[kTile][kTile], const float* __restrict in,
                                 float* __restrict out, std::int64_t row) {
#pragma GCC ivdep
  for (std::int64_t k = 0; k < row; ++k) {
    for (std::int64_t i = 0; i < kTile; ++i) {
      float sum = out[i * row + k];
      for (std::int64_t j = 0; j < kTile; ++j) sum += factor[i][j] * in[j * row + k];
      out[i * row + k] = sum;
    }
  }
}

// product_(i,j) = a_i . b_j, for a tile of rows each.
PLKD_INLINE void dot_products(const float* __restrict a, const float* __restrict b, std::int64_t row,
                              float (&product)[kTile][kTile]) {
  float sum[kTile][kTile] = {};
  for (std::int64_t k = 0; k < row; ++k) {
    for (std::int64_t i = 0; i < kTile; ++i) {
      for (std::int64_t j = 0; j < kTile; ++j) sum[i][j] += a[i * row + k] * b[j * row + k];
    }
  }
  for (std::int64_t i = 0; i < kTile; ++i) std::copy_n(sum[i], kTile, product[i]);
}

// exp for kLeastExponent <= x <= 0.
PLKD_INLINE float exp_of_negative(float x) {
  const auto power = static_cast<std::int32_t>(x * kPowersOfTwo - 0.5f);
  const auto whole = static_cast<float>(power);
  const float rest = (x - whole * kLog2High) - whole * kLog2Low;
  return exp_of_rest(rest) * std::bit_cast<float>((power + 127) << 23);
}

// Floats compare as whole numbers once those of negative ones are turned round, which compilers can do side
// by side.
PLKD_INLINE float max_of(const float* values, std::int64_t row) {
  const auto turn = [](std::int32_t bits) { return bits ^ ((bits >> 31) & 0x7fffffff); };
  std::int32_t most = std::numeric_limits<std::int32_t>::min();
  for (std::int64_t k = 0; k < row; ++k) most = std::max(most, turn(std::bit_cast<std::int32_t>(values[k])));
  return std::bit_cast<float>(turn(most));
}

PLKD_INLINE void softmax(float* scores, std::int64_t row) {
  const float most = max_of(scores, row);
  // A loop of its own: in the next one it makes GCC 12 branch, and then nothing goes into wide registers.
  for (std::int64_t k = 0; k < row; ++k) {
    const float below = scores[k] - most;
    scores[k] = kLeastExponent > below ? kLeastExponent : below;
  }
  float sum = 0;
  for (std::int64_t k = 0; k < row; ++k) {
    scores[k] = exp_of_negative(scores[k]);
    sum += scores[k];
  }
  const float share = 1 / sum;
  for (std::int64_t k = 0; k < row; ++k) scores[k] *= share;
}

// A matrix with zeros up to whole tiles of rows, and of columns or lanes.
struct Padded {
  Padded(std::int64_t rows, std::int64_t columns, std::int64_t unit)
      : row(round_up(columns, unit)), values(static_cast<std::size_t>(round_up(rows, kTile) * row)) {}

  float* at(std::int64_t i) { return values.data() + i * row; }
  const float* at(std::int64_t i) const { return values.data() + i * row; }

  std::int64_t row;
  std::vector<float> values;
};

Padded of_queries(const HeadShape& shape, const float* query, float scale) {  // [queries x width]
  Padded padded(shape.queries, shape.width, kTile);
  for (std::int64_t q = 0; q < shape.queries; ++q) {
    for (std::int64_t d = 0; d < shape.width; ++d)
      padded.at(q)[d] = query[q * shape.query_stride + d] * scale;
  }
  return padded;
}

// Four floats, which every processor of 64 bits has registers for.
typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));
typedef std::int32_t Places __attribute__((vector_size(16)));

// to_(j,i) = from_(i,j), in squares of four.
void transpose(std::int64_t rows, std::int64_t columns, const float* from, std::int64_t from_row, float* to,
               std::int64_t to_row) {
  std::int64_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    std::int64_t j = 0;
    for (; j + 4 <= columns; j += 4) {
      Four in[4];
      for (int k = 0; k < 4; ++k) in[k] = *reinterpret_cast<const Four*>(from + (i + k) * from_row + j);
      const Four a = __builtin_shuffle(in[0], in[1], Places{0, 4, 1, 5}),
                 b = __builtin_shuffle(in[0], in[1], Places{2, 6, 3, 7}),
                 c = __builtin_shuffle(in[2], in[3], Places{0, 4, 1, 5}),
                 d = __builtin_shuffle(in[2], in[3], Places{2, 6, 3, 7});
      const Four out[4] = {__builtin_shuffle(a, c, Places{0, 1, 4, 5}), __builtin_shuffle(a, c, Places{2, 3, 6, 7}),
                           __builtin_shuffle(b, d, Places{0, 1, 4, 5}), __builtin_shuffle(b, d, Places{2, 3, 6, 7})};
      for (int k = 0; k < 4; ++k) *reinterpret_cast<Four*>(to + (j + k) * to_row + i) = out[k];
    }
    for (; j < columns; ++j) {
      for (std::int64_t k = i; k < i + 4; ++k) to[j * to_row + k] = from[k * from_row + j];
    }
  }
  for (; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) to[j * to_row + i] = from[i * from_row + j];
  }
}

Padded of_tokens(const HeadShape& shape, const float* key) {  // [width x tokens]
  Padded padded(shape.width, shape.tokens, kLanes);
  transpose(shape.tokens, shape.width, key, shape.key_stride, padded.at(0), padded.row);
  return padded;
}

void put_tokens(const HeadShape& shape, const Padded& padded, float* key) {
  transpose(shape.width, shape.tokens, padded.at(0), padded.row, key, shape.key_stride);
}

float scale_of(const HeadShape& shape) { return 1 / std::sqrt(static_cast<float>(shape.width)); }

// A tile of queries against all tokens: [tile x tokens].
PLKD_INLINE void multiply(const Padded& query, std::int64_t first, const Padded& tokens, Padded& products) {
  std::fill(products.values.begin(), products.values.end(), 0.0f);
  for (std::int64_t d = 0; d < query.row; d += kTile) {
    float factor[kTile][kTile];
    for (std::int64_t q = 0; q < kTile; ++q) std::copy_n(query.at(first + q) + d, kTile, factor[q]);
    add_combination(factor, tokens.at(d), products.at(0), tokens.row);
  }
}

// What a tile of queries adds to all tokens: sum_d += query_(q,d) products_q.
PLKD_INLINE void add_to_tokens(const Padded& query, std::int64_t first, const Padded& products, Padded& sum) {
  for (std::int64_t d = 0; d < query.row; d += kTile) {
    float factor[kTile][kTile];
    for (std::int64_t q = 0; q < kTile; ++q) {
      for (std::int64_t i = 0; i < kTile; ++i) factor[i][q] = query.at(first + q)[d + i];
    }
    add_combination(factor, products.at(0), sum.at(d), products.row);
  }
}

// What all tokens give to a tile of queries, times scale.
PLKD_INLINE void mix(const HeadShape& shape, const Padded& products, const Padded& tokens, std::int64_t first,
                     float scale, float* mixed) {
  for (std::int64_t d = 0; d < shape.width; d += kTile) {
    float product[kTile][kTile];
    dot_products(products.at(0), tokens.at(d), tokens.row, product);
    for (std::int64_t q = 0; q < std::min(kTile, shape.queries - first); ++q) {
      for (std::int64_t i = 0; i < std::min(kTile, shape.width - d); ++i)
        mixed[(first + q) * shape.query_stride + d + i] = product[q][i] * scale;
    }
  }
}

// What a tile of queries attends to; tokens that pad a row get nothing.
PLKD_INLINE void attend(const HeadShape& shape, const Padded& query, std::int64_t first, const Padded& key,
                        Padded& attention) {
  multiply(query, first, key, attention);
  for (std::int64_t q = 0; q < kTile; ++q) {
    float* row = attention.at(q);
    std::fill(row + shape.tokens, row + attention.row, std::numeric_limits<float>::lowest());
    softmax(row, attention.row);
  }
}

}  // namespace

PLKD_EVERY_PROCESSOR
void attend_head(const HeadShape& shape, const float* query, const float* key, const float* value,
                 float* mixed, float* attention) {
  const Padded queries = of_queries(shape, query, scale_of(shape)), keys = of_tokens(shape, key),
               values = of_tokens(shape, value);
  Padded shares(kTile, shape.tokens, kLanes);
  for (std::int64_t first = 0; first < shape.queries; first += kTile) {
    attend(shape, queries, first, keys, shares);
    mix(shape, shares, values, first, 1, mixed);
    if (attention == nullptr) continue;
    for (std::int64_t q = first; q < std::min(first + kTile, shape.queries); ++q)
      std::copy_n(shares.at(q - first), shape.tokens, attention + q * shape.tokens);
  }
}

PLKD_EVERY_PROCESSOR
void attend_head_backward(const HeadShape& shape, const float* query, const float* key, const float* value,
                          const float* mixed_gradient, const HeadGradient& gradient) {
  const Padded queries = of_queries(shape, query, scale_of(shape)), keys = of_tokens(shape, key),
               values = of_tokens(shape, value), of_mixed = of_queries(shape, mixed_gradient, 1);
  Padded of_keys(shape.width, shape.tokens, kLanes), of_values = of_keys;
  Padded shares(kTile, shape.tokens, kLanes), change = shares;
  for (std::int64_t first = 0; first < shape.queries; first += kTile) {
    attend(shape, queries, first, keys, shares);
    multiply(of_mixed, first, values, change);  // gradient of the shares; below it becomes the scores'
    for (std::int64_t q = 0; q < kTile; ++q) {
      const float* share = shares.at(q);
      float* row = change.at(q);
      float mean = 0;
      for (std::int64_t k = 0; k < change.row; ++k) mean += share[k] * row[k];
      for (std::int64_t k = 0; k < change.row; ++k) row[k] = share[k] * (row[k] - mean);
    }
    add_to_tokens(of_mixed, first, shares, of_values);
    add_to_tokens(queries, first, change, of_keys);
    mix(shape, change, keys, first, scale_of(shape), gradient.query);
  }
  put_tokens(shape, of_keys, gradient.key);
  put_tokens(shape, of_values, gradient.value);
}

}  // namespace plkd

#pragma once

#include <cstdint>

namespace plkd {

// Where one head of one cell lies. Rows are that far apart because the heads, and keys and values, are
// interleaved as the linear layers leave them.
struct HeadShape {
  std::int64_t queries, tokens, width;
  std::int64_t query_stride;  // of query, mixed and their gradients
  std::int64_t key_stride;    // of key, value and their gradients
};

// mixed = softmax(query key' / sqrt(width)) value, four queries at a time, so that scores never leave the
// innermost cache.
void attend_head(const HeadShape& shape, const float* query, const float* key, const float* value,
                 float* mixed,       // [queries x width]
                 float* attention);  // [queries x tokens], or null when nobody wants it

struct HeadGradient {
  float* query;  // [queries x width]
  float* key;    // [tokens x width]
  float* value;  // [tokens x width]
};

// The gradient of all three, from that of mixed. Recomputes the attention, which is cheaper than to store it.
void attend_head_backward(const HeadShape& shape, const float* query, const float* key, const float* value,
                          const float* mixed_gradient, const HeadGradient& gradient);

}  // namespace plkd

#pragma once

#include <cstdint>

namespace plkd {

// A Transformer block on one cell, all of which stays in the processor's second cache from layer to layer.
struct BlockShape {
  std::int64_t tokens, queries;  // the first `queries` tokens are updated
  std::int64_t embed, heads;
};

// Rows of weights as LibTorch keeps them, [out x in]; what `transposed` makes of them, [in x out].
template <class Number>
struct BlockParameters {
  Number *attention_gain, *attention_shift;  // [embed]
  Number *mlp_gain, *mlp_shift;              // [embed]
  Number *query, *query_bias;                // [embed x embed], [embed]
  Number *key_value, *key_value_bias;        // [2 embed x embed], [2 embed]
  Number *project, *project_bias;            // [embed x embed], [embed]
  Number *widen, *widen_bias;                // [4 embed x embed], [4 embed]
  Number *narrow, *narrow_bias;              // [embed x 4 embed], [embed]
};

// Random bytes of one dropout: entries below `zeros` become 0, the others grow by 256 / (256 - zeros). Without bytes
// nothing is dropped.
struct DropoutBytes {
  const std::uint8_t* bytes = nullptr;
  int zeros = 0;
};

struct BlockDropout {
  DropoutBytes project, widen, narrow;  // [queries x embed], [queries x 4 embed], [queries x embed]
};

// What the gradient needs of the forward pass; everything else is computed again.
struct BlockKept {
  float* query;      // [queries x embed]
  float* key_value;  // [tokens x 2 embed]
  float* mixed;      // [queries x embed]
  float* attended;   // [queries x embed], tokens after the attention's half
  float* wide;       // [queries x 4 embed], before GELU
};

// Needs AVX-512 and widths that fill its registers.
bool can_run_block(const BlockShape& shape);

void run_block(const BlockShape& shape, const BlockParameters<const float>& transposed, const BlockDropout& dropout,
               const float* tokens,  // [tokens x embed]
               const BlockKept& kept,
               float* updated);  // [queries x embed]

// Adds to the parameters' gradient and writes the tokens'.
void run_block_backward(const BlockShape& shape, const BlockParameters<const float>& parameters,
                        const BlockDropout& dropout, const float* tokens, const BlockKept& kept,
                        const float* updated_gradient,  // [queries x embed]
                        const BlockParameters<float>& gradient,
                        float* tokens_gradient);  // [tokens x embed]

}  // namespace plkd

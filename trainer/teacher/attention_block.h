#pragma once

#include <cstdint>

#include "trainer/teacher/fast_dropout.h"
#include "trainer/torch.h"

namespace plkd {

struct AttentionBlockOptions {
  std::int64_t embed = 48;
  std::int64_t heads = 4;
  double dropout = 0.1;
  // Of single entries of the attention.
  double attention_dropout = 0;
  // Share of cells that pass each half of the block by while training (stochastic depth).
  double drop_path = 0;
};

struct AttentionBlockOutput {
  torch::Tensor tokens;  // [cells x queries x embed]
  // [cells x heads x queries x tokens], rows sum to 1; none while training, which needs it no further.
  torch::Tensor attention;
};

// A pre-norm Transformer block, written by hand because LibTorch 1.13 has no fused attention and because the
// attention itself is wanted: x += project(softmax(q k' / sqrt(d)) v); x += mlp(x), each on layer-normed x.
class AttentionBlockImpl : public torch::nn::Module {
 public:
  explicit AttentionBlockImpl(const AttentionBlockOptions& options);

  // Updates the first `queries` tokens of [cells x tokens x embed] and returns those alone. The last block
  // needs only the class token: asking for 1 gives it exactly, at a fraction of the cost.
  AttentionBlockOutput forward(const torch::Tensor& tokens, std::int64_t queries);

 private:
  torch::Tensor split_heads(
      const torch::Tensor& tokens) const;  // -> [cells x heads x tokens x embed / heads]

  struct Attended {
    torch::Tensor mixed;      // [cells x queries x embed]
    torch::Tensor attention;  // as in the output
  };
  Attended attend(const torch::Tensor& query,           // [cells x queries x embed]
                  const torch::Tensor& key_value);      // [cells x tokens x 2 embed]
  torch::Tensor residual(const torch::Tensor& update);  // what is added of an update
  bool can_fuse(const torch::Tensor& tokens);
  torch::Tensor fused(const torch::Tensor& tokens, std::int64_t queries);  // the same as the layers one by one

  std::int64_t heads_;
  double drop_path_;
  torch::nn::LayerNorm attention_norm_, mlp_norm_;
  torch::nn::Linear query_, key_value_, project_, widen_, narrow_;
  FastDropout dropout_, attention_dropout_;
};
TORCH_MODULE(AttentionBlock);

}  // namespace plkd

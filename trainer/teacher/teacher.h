#pragma once

#include <cstdint>
#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/teacher/attention_block.h"
#include "trainer/teacher/pattern_layer.h"
#include "trainer/torch.h"

namespace plkd {

struct TeacherOptions {
  std::int64_t embed = 48;
  std::int64_t heads = 4;
  std::int64_t blocks = 2;
  // Raising it makes the Teacher surer of less; small references want more.
  double dropout = 0.1;
};

struct TeacherOutput {
  torch::Tensor logits;  // [cells x classes]
  torch::Tensor latent;  // [cells x embed], the class token
  std::vector<torch::Tensor>
      attention;  // one a block: [cells x heads x tokens x tokens], the last one with its row 0 alone
};

// The pattern Transformer of PLKD: patterns as tokens, a learned class token before them, pre-norm blocks, a
// linear head.
class TeacherImpl : public torch::nn::Module {
 public:
  TeacherImpl(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t classes,
              const TeacherOptions& options = {});

  TeacherOutput forward(const torch::Tensor& expression);  // [cells x genes]

  const PatternLayer& pattern_layer() const { return patterns_; }

 private:
  PatternLayer patterns_;
  torch::nn::Dropout dropout_;
  torch::Tensor class_token_;  // [1 x 1 x embed]
  std::vector<AttentionBlock> blocks_;
  torch::nn::LayerNorm norm_;
  torch::nn::Linear head_;
};
TORCH_MODULE(Teacher);

// How much each token says about a cell, followed through all blocks: heads averaged, half of each block's
// flow taken to pass by its residual connection, R = A_last ... A_first, row of the class token (Abnar &
// Zuidema 2020).
torch::Tensor rollout(
    const std::vector<torch::Tensor>& attention);  // -> [cells x (patterns + 1)], free token last

}  // namespace plkd

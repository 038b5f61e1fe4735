#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "shared/genes/modality.h"
#include "shared/genes/patterns.h"
#include "trainer/teacher/attention_block.h"
#include "trainer/teacher/fast_dropout.h"
#include "trainer/teacher/token_layer.h"
#include "trainer/torch.h"

namespace plkd {

// ByPattern: each token is made of its pattern's genes. AsPublished: see reference_layer.h.
enum class TokenLayout { ByPattern, AsPublished };
// How weights are drawn: LibTorch's way for linear layers, or N(0, 0.01) without bias, as published.
enum class TeacherStart { ByFanIn, AsPublished };

struct TeacherOptions {
  std::int64_t embed = 48;
  std::int64_t heads = 4;
  std::int64_t blocks = 2;
  // Raising it makes the Teacher surer of less; small references want more.
  double dropout = 0.1;
  std::optional<double> token_dropout;  // of the tokens themselves; dropout when not given
  double attention_dropout = 0;
  // Of the last block; it rises from 0 in the first. See attention_block.h.
  double drop_path = 0;
  TokenLayout layout = TokenLayout::ByPattern;
  TeacherStart start = TeacherStart::ByFanIn;
  // Modalities of the cells. With several, each adds a learned embedding to its tokens in the cells that have it.
  std::vector<FeatureBlock> modalities = {};
};

struct TeacherOutput {
  torch::Tensor logits;                  // [cells x classes]
  torch::Tensor latent;                  // [cells x embed], the class token
  std::vector<torch::Tensor> attention;  // one a block: [cells x heads x tokens x tokens], the last one with
                                         // its row 0 alone; not while training
};

// The pattern Transformer of PLKD: patterns as tokens, a learned class token before them, pre-norm blocks, a
// linear head.
class TeacherImpl : public torch::nn::Module {
 public:
  TeacherImpl(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t classes,
              const TeacherOptions& options = {});

  TeacherOutput forward(const torch::Tensor& expression);  // [cells x genes]

  const TokenLayerImpl& pattern_layer() const { return *patterns_; }

 private:
  void embed_modalities(const std::vector<Pattern>& patterns, const TeacherOptions& options);
  torch::Tensor modality_of(const torch::Tensor& expression) const;  // [cells x (patterns + 1) x embed]

  // As published, every token goes through the last block, though the class token alone is read.
  bool is_last_block_whole_;
  std::shared_ptr<TokenLayerImpl> patterns_;
  FastDropout dropout_;
  torch::Tensor class_token_;  // [1 x 1 x embed]
  // Of several modalities; undefined for one. The free token, the last, is of none.
  torch::Tensor modality_embedding_;  // [modalities x embed]
  torch::Tensor modality_of_token_;   // [patterns + 1], int64
  torch::Tensor flag_;                // [modalities], int64: features that say whether a modality was measured
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

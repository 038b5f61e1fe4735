#include "trainer/teacher/teacher.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "trainer/teacher/pattern_layer.h"
#include "trainer/teacher/reference_layer.h"

namespace plkd {
namespace {

std::shared_ptr<TokenLayerImpl> token_layer(const std::vector<Pattern>& patterns, std::int64_t genes,
                                            const TeacherOptions& options) {
  if (options.layout == TokenLayout::AsPublished)
    return std::make_shared<ReferenceLayerImpl>(patterns, genes, options.embed);
  return std::make_shared<PatternLayerImpl>(patterns, genes, options.embed);
}

void draw_as_published(torch::nn::LinearImpl& layer) {
  const torch::NoGradGuard no_gradient;
  layer.weight.normal_(0, 0.01);
  layer.bias.zero_();
}

}  // namespace

TeacherImpl::TeacherImpl(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t classes,
                         const TeacherOptions& options)
    : is_last_block_whole_(options.layout == TokenLayout::AsPublished),
      patterns_(register_module("patterns", token_layer(patterns, genes, options))),
      dropout_(register_module("dropout", FastDropout(options.token_dropout.value_or(options.dropout)))),
      class_token_(register_parameter("class_token", 0.02 * torch::randn({1, 1, options.embed}))),
      norm_(register_module("norm",
                            torch::nn::LayerNorm(torch::nn::LayerNormOptions({options.embed}).eps(1e-6)))),
      head_(register_module("head", torch::nn::Linear(options.embed, classes))) {
  AttentionBlockOptions block;
  block.embed = options.embed;
  block.heads = options.heads;
  block.dropout = options.dropout;
  block.attention_dropout = options.attention_dropout;
  for (std::int64_t i = 0; i < options.blocks; ++i) {
    block.drop_path = options.drop_path * static_cast<double>(i) /
                      static_cast<double>(std::max<std::int64_t>(options.blocks - 1, 1));
    blocks_.push_back(register_module("block" + std::to_string(i), AttentionBlock(block)));
  }
  if (options.modalities.size() > 1) embed_modalities(patterns, options);
  if (options.start == TeacherStart::AsPublished) {
    draw_as_published(*head_);
    for (const AttentionBlock& attention_block : blocks_) {
      for (const auto& module : attention_block->children()) {
        if (auto* linear = module->as<torch::nn::Linear>()) draw_as_published(*linear);
      }
    }
  }
}

// Our own design: the published method has no code for several modalities.
void TeacherImpl::embed_modalities(const std::vector<Pattern>& patterns, const TeacherOptions& options) {
  const auto modalities = static_cast<std::int64_t>(options.modalities.size());
  std::vector<std::int64_t> of_token, flags;
  for (const Pattern& pattern : patterns) {
    const auto block = std::find_if(options.modalities.begin(), options.modalities.end(),
                                    [&](const FeatureBlock& each) { return pattern.genes.front() < each.end; });
    of_token.push_back(block - options.modalities.begin());
  }
  of_token.push_back(modalities);
  for (const FeatureBlock& block : options.modalities) flags.push_back(block.end);
  modality_embedding_ = register_parameter("modality_embedding", 0.02 * torch::randn({modalities, options.embed}));
  modality_of_token_ = register_buffer("modality_of_token", torch::tensor(of_token, torch::kLong));
  flag_ = register_buffer("flag", torch::tensor(flags, torch::kLong));
}

torch::Tensor TeacherImpl::modality_of(const torch::Tensor& expression) const {
  // [cells x modalities]
  const torch::Tensor is_measured = (expression.index_select(1, flag_) > 0).to(expression.scalar_type());
  const torch::Tensor of_none =
      torch::zeros({expression.size(0), 1, modality_embedding_.size(1)}, expression.options());
  const torch::Tensor embedding = torch::cat({is_measured.unsqueeze(2) * modality_embedding_, of_none}, 1);
  return embedding.index_select(1, modality_of_token_);
}

TeacherOutput TeacherImpl::forward(const torch::Tensor& expression) {
  torch::Tensor of_patterns = patterns_->forward(expression);
  if (modality_embedding_.defined()) of_patterns = of_patterns + modality_of(expression);
  of_patterns = dropout_(of_patterns);
  torch::Tensor tokens = torch::cat({class_token_.expand({expression.size(0), 1, -1}), of_patterns}, 1);
  TeacherOutput output;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const bool is_class_token_enough = i + 1 == blocks_.size() && !is_last_block_whole_;
    const AttentionBlockOutput block =
        blocks_[i]->forward(tokens, is_class_token_enough ? 1 : tokens.size(1));
    tokens = block.tokens;
    if (!is_training()) output.attention.push_back(block.attention);
  }
  output.latent = norm_(tokens.select(1, 0));
  output.logits = head_(output.latent);
  return output;
}

torch::Tensor rollout(const std::vector<torch::Tensor>& attention) {
  torch::Tensor flow;  // [cells x 1 x tokens]
  for (std::size_t i = attention.size(); i-- > 0;) {
    const torch::Tensor mean = attention[i].mean(1);  // [cells x queries x tokens]
    const torch::Tensor with_residual = mean + torch::eye(mean.size(1), mean.size(2), mean.options());
    const torch::Tensor step = with_residual / with_residual.sum(2, true);
    flow = flow.defined() ? flow.matmul(step) : step.narrow(1, 0, 1);
  }
  return flow.squeeze(1).narrow(1, 1, flow.size(2) - 1);
}

}  // namespace plkd

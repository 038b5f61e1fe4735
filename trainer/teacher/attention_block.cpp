#include "trainer/teacher/attention_block.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "trainer/teacher/fused_attention.h"
#include "trainer/teacher/fused_block.h"

namespace plkd {
namespace {

// A few cells' attention at a time, 6 MB, stays in the cache from product to softmax to product: with 300
// patterns that halves the time of a step.
constexpr std::int64_t kEntriesAtOnce = 1500000;

torch::nn::LayerNorm layer_norm(std::int64_t embed) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({embed}).eps(1e-6));
}

}  // namespace

AttentionBlockImpl::AttentionBlockImpl(const AttentionBlockOptions& options)
    : heads_(options.heads),
      drop_path_(options.drop_path),
      attention_norm_(register_module("attention_norm", layer_norm(options.embed))),
      mlp_norm_(register_module("mlp_norm", layer_norm(options.embed))),
      query_(register_module("query", torch::nn::Linear(options.embed, options.embed))),
      key_value_(register_module("key_value", torch::nn::Linear(options.embed, 2 * options.embed))),
      project_(register_module("project", torch::nn::Linear(options.embed, options.embed))),
      widen_(register_module("widen", torch::nn::Linear(options.embed, 4 * options.embed))),
      narrow_(register_module("narrow", torch::nn::Linear(4 * options.embed, options.embed))),
      dropout_(register_module("dropout", FastDropout(options.dropout))),
      attention_dropout_(register_module("attention_dropout", FastDropout(options.attention_dropout))) {}

torch::Tensor AttentionBlockImpl::split_heads(const torch::Tensor& tokens) const {
  return tokens.view({tokens.size(0), tokens.size(1), heads_, -1}).transpose(1, 2);
}

torch::Tensor AttentionBlockImpl::residual(const torch::Tensor& update) {
  if (!is_training() || drop_path_ == 0) return update;
  const torch::Tensor is_kept = torch::rand({update.size(0), 1, 1}, update.options()) >= drop_path_;
  return update * is_kept / (1 - drop_path_);
}

AttentionBlockImpl::Attended AttentionBlockImpl::attend(const torch::Tensor& query,
                                                        const torch::Tensor& key_value) {
  if (plkd::can_fuse(query) && !attention_dropout_->is_active()) {
    const FusedAttentionOutput fused =
        fused_attention(query, key_value, heads_, is_training() ? KeepAttention::No : KeepAttention::Yes);
    return {fused.mixed, fused.attention};
  }
  const std::int64_t cells = query.size(0), queries = query.size(1), tokens = key_value.size(1);
  const std::int64_t at_once = std::max<std::int64_t>(1, kEntriesAtOnce / (heads_ * queries * tokens));
  Attended attended;
  if (!is_training()) attended.attention = torch::empty({cells, heads_, queries, tokens}, query.options());
  const std::vector<torch::Tensor> key_and_value = key_value.chunk(2, 2);
  const torch::Tensor key = split_heads(key_and_value[0].contiguous());
  const torch::Tensor value = split_heads(key_and_value[1].contiguous());
  const torch::Tensor scaled = split_heads(query) / std::sqrt(static_cast<double>(query.size(2) / heads_));
  // Split, not narrowed: the gradient of a split is one concatenation.
  const std::vector<torch::Tensor> queries_of = scaled.split(at_once), keys_of = key.split(at_once),
                                   values_of = value.split(at_once);
  std::vector<torch::Tensor> mixed;
  for (std::size_t i = 0; i < queries_of.size(); ++i) {
    const torch::Tensor attention = torch::softmax(queries_of[i].matmul(keys_of[i].transpose(2, 3)), 3);
    if (!is_training()) {
      attended.attention.narrow(0, static_cast<std::int64_t>(i) * at_once, attention.size(0))
          .copy_(attention.detach());
    }
    mixed.push_back(attention_dropout_(attention).matmul(values_of[i]));
  }
  attended.mixed = torch::cat(mixed).transpose(1, 2).reshape(query.sizes());
  return attended;
}

bool AttentionBlockImpl::can_fuse(const torch::Tensor& tokens) {
  return is_training() && drop_path_ == 0 && !attention_dropout_->is_active() && can_fuse_block(tokens, heads_);
}

torch::Tensor AttentionBlockImpl::fused(const torch::Tensor& tokens, std::int64_t queries) {
  const std::int64_t cells = tokens.size(0), embed = tokens.size(2);
  BlockDropoutTensors dropout;
  if (dropout_->is_active()) {
    const auto draw = [&](std::int64_t width) { return dropout_->draw({cells, queries, width}, tokens.options()); };
    dropout.zeros = dropout_->zeros();
    dropout.project = draw(embed);
    dropout.widen = draw(4 * embed);
    dropout.narrow = draw(embed);
  }
  return fused_block(tokens, queries, heads_,
                     {attention_norm_->weight, attention_norm_->bias, mlp_norm_->weight, mlp_norm_->bias,
                      query_->weight, query_->bias, key_value_->weight, key_value_->bias, project_->weight,
                      project_->bias, widen_->weight, widen_->bias, narrow_->weight, narrow_->bias},
                     dropout);
}

AttentionBlockOutput AttentionBlockImpl::forward(const torch::Tensor& tokens, std::int64_t queries) {
  if (can_fuse(tokens)) return {fused(tokens, queries), {}};
  const torch::Tensor normed = attention_norm_(tokens);
  const Attended attended = attend(query_(normed.narrow(1, 0, queries)), key_value_(normed));
  torch::Tensor updated = tokens.narrow(1, 0, queries) + residual(dropout_(project_(attended.mixed)));
  updated = updated + residual(dropout_(narrow_(dropout_(torch::gelu(widen_(mlp_norm_(updated)))))));
  return {updated, attended.attention};
}

}  // namespace plkd

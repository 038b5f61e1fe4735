#include "trainer/teacher/attention_block.h"

#include <cmath>
#include <vector>

namespace plkd {
namespace {

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
      dropout_(register_module("dropout", torch::nn::Dropout(options.dropout))),
      attention_dropout_(
          register_module("attention_dropout", torch::nn::Dropout(options.attention_dropout))) {}

torch::Tensor AttentionBlockImpl::split_heads(const torch::Tensor& tokens) const {
  return tokens.view({tokens.size(0), tokens.size(1), heads_, -1}).transpose(1, 2);
}

torch::Tensor AttentionBlockImpl::residual(const torch::Tensor& update) {
  if (!is_training() || drop_path_ == 0) return update;
  const torch::Tensor is_kept = torch::rand({update.size(0), 1, 1}, update.options()) >= drop_path_;
  return update * is_kept / (1 - drop_path_);
}

AttentionBlockOutput AttentionBlockImpl::forward(const torch::Tensor& tokens, std::int64_t queries) {
  const std::int64_t embed = tokens.size(2);
  const torch::Tensor normed = attention_norm_(tokens);
  const torch::Tensor query = split_heads(query_(normed.narrow(1, 0, queries)));
  const std::vector<torch::Tensor> key_value = key_value_(normed).chunk(2, 2);
  const torch::Tensor key = split_heads(key_value[0].contiguous());
  const torch::Tensor value = split_heads(key_value[1].contiguous());

  const double scale = 1.0 / std::sqrt(static_cast<double>(embed / heads_));
  const torch::Tensor attention = torch::softmax((query * scale).matmul(key.transpose(2, 3)), 3);
  const torch::Tensor mixed =
      attention_dropout_(attention).matmul(value).transpose(1, 2).reshape({tokens.size(0), queries, embed});

  torch::Tensor updated = tokens.narrow(1, 0, queries) + residual(dropout_(project_(mixed)));
  updated = updated + residual(dropout_(narrow_(dropout_(torch::gelu(widen_(mlp_norm_(updated)))))));
  return {updated, attention};
}

}  // namespace plkd

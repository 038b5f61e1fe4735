#include "trainer/teacher/fused_block.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace {

constexpr double kTolerance = 3e-6;  // of the largest, or of 1; seen 1e-6

struct Sizes {
  std::int64_t cells, queries, tokens, heads, embed;
};

plkd::BlockTensors draw_weights(std::int64_t embed) {
  const auto draw = [](at::IntArrayRef shape, double spread) {
    return (spread * torch::randn(shape)).requires_grad_();
  };
  const auto gain = [&] { return (1 + 0.1 * torch::randn({embed})).requires_grad_(); };
  const auto linear = [&](std::int64_t out, std::int64_t in) {
    return draw({out, in}, 1 / std::sqrt(static_cast<double>(in)));
  };
  const auto bias = [&](std::int64_t out) { return draw({out}, 0.1); };
  return {gain(),
          bias(embed),
          gain(),
          bias(embed),
          linear(embed, embed),
          bias(embed),
          linear(2 * embed, embed),
          bias(2 * embed),
          linear(embed, embed),
          bias(embed),
          linear(4 * embed, embed),
          bias(4 * embed),
          linear(embed, 4 * embed),
          bias(embed)};
}

std::vector<torch::Tensor> list(const plkd::BlockTensors& w) {
  return {w.attention_gain, w.attention_shift, w.mlp_gain,     w.mlp_shift, w.query, w.query_bias,  w.key_value,
          w.key_value_bias, w.project,         w.project_bias, w.widen,     w.widen_bias, w.narrow, w.narrow_bias};
}

// The textbook, in double, one product after the other.
torch::Tensor naive_block(const torch::Tensor& tokens, std::int64_t queries, std::int64_t heads,
                          const std::vector<torch::Tensor>& w, const plkd::BlockDropoutTensors& dropout) {
  const std::int64_t embed = tokens.size(2);
  const auto norm = [&](const torch::Tensor& x, std::size_t gain) {
    return torch::layer_norm(x, {embed}, w[gain], w[gain + 1], 1e-6);
  };
  const auto linear = [&](const torch::Tensor& x, std::size_t weight) {
    return torch::linear(x, w[weight], w[weight + 1]);
  };
  const auto split = [&](const torch::Tensor& x) {
    return x.reshape({x.size(0), x.size(1), heads, -1}).transpose(1, 2);
  };
  const auto drop = [&](const torch::Tensor& x, const torch::Tensor& bytes) {
    if (!bytes.defined()) return x;
    return x * (bytes >= dropout.zeros).to(torch::kDouble) * (256.0 / (256 - dropout.zeros));
  };
  const torch::Tensor normed = norm(tokens, 0);
  const torch::Tensor query = linear(normed.narrow(1, 0, queries), 4);
  const std::vector<torch::Tensor> key_and_value = linear(normed, 6).chunk(2, 2);
  const torch::Tensor scores = split(query).matmul(split(key_and_value[0]).transpose(2, 3)) /
                               std::sqrt(static_cast<double>(embed / heads));
  const torch::Tensor mixed =
      torch::softmax(scores, 3).matmul(split(key_and_value[1])).transpose(1, 2).reshape(query.sizes());
  const torch::Tensor attended = tokens.narrow(1, 0, queries) + drop(linear(mixed, 8), dropout.project);
  const torch::Tensor wide = drop(torch::gelu(linear(norm(attended, 2), 10)), dropout.widen);
  return attended + drop(linear(wide, 12), dropout.narrow);
}

double error(const torch::Tensor& ours, const torch::Tensor& exact) {
  return ((ours.to(torch::kDouble) - exact).abs().max() / exact.abs().max().clamp_min(1)).item<double>();
}

void compare(const Sizes& sizes, int zeros, double spread) {
  if (!plkd::can_fuse_block(torch::zeros({1, 1, sizes.embed}), sizes.heads)) {
    WARN("skipped: this processor has no AVX-512, and blocks are left to LibTorch");
    return;
  }
  torch::manual_seed(11);
  const torch::Tensor tokens = (spread * torch::randn({sizes.cells, sizes.tokens, sizes.embed})).requires_grad_();
  const plkd::BlockTensors weights = draw_weights(sizes.embed);
  plkd::BlockDropoutTensors dropout;
  if (zeros > 0) {
    const auto bytes = [&](std::int64_t width) {
      return torch::randint(0, 256, {sizes.cells, sizes.queries, width}, torch::kUInt8);
    };
    dropout = {bytes(sizes.embed), bytes(4 * sizes.embed), bytes(sizes.embed), zeros};
  }
  std::vector<torch::Tensor> exact_weights;
  for (const torch::Tensor& weight : list(weights))
    exact_weights.push_back(weight.detach().to(torch::kDouble).requires_grad_());
  const torch::Tensor exact_tokens = tokens.detach().to(torch::kDouble).requires_grad_();

  const torch::Tensor ours = plkd::fused_block(tokens, sizes.queries, sizes.heads, weights, dropout);
  const torch::Tensor exact = naive_block(exact_tokens, sizes.queries, sizes.heads, exact_weights, dropout);
  REQUIRE(ours.sizes() == exact.sizes());
  CHECK(error(ours, exact) < kTolerance);
  const torch::Tensor weight = torch::randn_like(ours);
  (ours * weight).sum().backward();
  (exact * weight).sum().backward();
  CHECK(error(tokens.grad(), exact_tokens.grad()) < kTolerance);
  const std::vector<torch::Tensor> own = list(weights);
  for (std::size_t i = 0; i < own.size(); ++i) {
    INFO("weight " << i);
    CHECK(error(own[i].grad(), exact_weights[i].grad()) < kTolerance);
  }
}

}  // namespace

TEST_CASE("a fused block and its gradient equal its layers one by one", "[unit]") {
  compare({3, 301, 301, 4, 48}, 0, 1);
  SECTION("with dropout") { compare({3, 301, 301, 4, 48}, 26, 1); }
  SECTION("for the class token alone") { compare({5, 1, 301, 4, 48}, 26, 1); }
  SECTION("for fewer tokens than a tile has rows") { compare({4, 3, 3, 2, 32}, 26, 1); }
  SECTION("for a width that is no multiple of the widest tile") { compare({2, 37, 37, 4, 64}, 26, 1); }
  SECTION("for one narrow head") { compare({2, 20, 20, 1, 16}, 0, 1); }
  SECTION("for large activations") { compare({2, 20, 20, 4, 48}, 26, 50); }
}

TEST_CASE("blocks that are not single precision, or whose width fills no register, are left to LibTorch", "[unit]") {
  CHECK_FALSE(plkd::can_fuse_block(torch::zeros({1, 2, 40}), 4));
  CHECK_FALSE(plkd::can_fuse_block(torch::zeros({1, 2, 48}, torch::kDouble), 4));
}

#include "trainer/teacher/fused_attention.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace {

using plkd::KeepAttention;

constexpr double kTolerance = 2e-6;  // of the largest, or of 1

// The textbook, in double: every product written out to memory.
plkd::FusedAttentionOutput naive_attention(const torch::Tensor& query, const torch::Tensor& key_value,
                                           std::int64_t heads) {
  const auto split = [&](const torch::Tensor& tokens) {
    return tokens.reshape({tokens.size(0), tokens.size(1), heads, -1}).transpose(1, 2);
  };
  const std::vector<torch::Tensor> key_and_value = key_value.chunk(2, 2);
  const torch::Tensor scores = split(query).matmul(split(key_and_value[0]).transpose(2, 3)) /
                               std::sqrt(static_cast<double>(query.size(2) / heads));
  const torch::Tensor attention = torch::softmax(scores, 3);
  const torch::Tensor mixed = attention.matmul(split(key_and_value[1])).transpose(1, 2);
  return {mixed.reshape(query.sizes()), attention};
}

double error(const torch::Tensor& ours, const torch::Tensor& exact) {
  return ((ours.to(torch::kDouble) - exact).abs().max() / exact.abs().max().clamp_min(1)).item<double>();
}

struct Sizes {
  std::int64_t cells, queries, tokens, heads, width;
};

// Values and gradients of random tokens, `spread` times a normal deviate.
void compare(const Sizes& sizes, double spread) {
  torch::manual_seed(7);
  const std::int64_t embed = sizes.heads * sizes.width;
  const auto draw = [&](std::int64_t tokens, std::int64_t width) {
    return (spread * torch::randn({sizes.cells, tokens, width})).requires_grad_();
  };
  const torch::Tensor query = draw(sizes.queries, embed), key_value = draw(sizes.tokens, 2 * embed);
  const torch::Tensor exact_query = query.detach().to(torch::kDouble).requires_grad_(),
                      exact_key_value = key_value.detach().to(torch::kDouble).requires_grad_();
  const plkd::FusedAttentionOutput ours =
      plkd::fused_attention(query, key_value, sizes.heads, KeepAttention::Yes);
  const plkd::FusedAttentionOutput exact = naive_attention(exact_query, exact_key_value, sizes.heads);
  CHECK(error(ours.mixed, exact.mixed) < kTolerance * spread);
  CHECK(error(ours.attention, exact.attention) < kTolerance * spread);

  const torch::Tensor weight = torch::randn_like(ours.mixed);
  (ours.mixed * weight).sum().backward();
  (exact.mixed * weight).sum().backward();
  CHECK(error(query.grad(), exact_query.grad()) < kTolerance * spread);
  CHECK(error(key_value.grad(), exact_key_value.grad()) < kTolerance * spread);
}

}  // namespace

TEST_CASE("fused attention and its gradient equal plain products", "[unit]") {
  compare({3, 301, 301, 4, 12}, 1);
  SECTION("for one query") { compare({3, 1, 301, 4, 12}, 1); }
  SECTION("for sizes that fill no register") { compare({5, 6, 37, 3, 5}, 1); }
  SECTION("for sizes that fill every register") { compare({2, 32, 32, 2, 16}, 1); }
  SECTION("for one token") { compare({2, 1, 1, 1, 1}, 1); }
}

// Without the largest score taken off first, exp of these overflows.
TEST_CASE("fused attention holds scores in the thousands", "[unit]") { compare({2, 20, 50, 2, 12}, 20); }

TEST_CASE("fused attention passes on what is not a number", "[unit]") {
  torch::Tensor query = torch::randn({1, 5, 8}), key_value = torch::randn({1, 20, 16});
  key_value[0][3][2] = std::nanf("");
  CHECK(plkd::fused_attention(query, key_value, 2, KeepAttention::No)
            .mixed.narrow(2, 0, 4)
            .isnan()
            .all()
            .item<bool>());
}

TEST_CASE("doubles and other devices are left to LibTorch", "[unit]") {
  CHECK(plkd::can_fuse(torch::zeros({1})));
  CHECK_FALSE(plkd::can_fuse(torch::zeros({1}, torch::kDouble)));
}

#include <catch2/catch.hpp>

#include "trainer/teacher/attention_block.h"
#include "trainer/teacher/teacher.h"

namespace {

torch::Tensor matrix(const std::vector<double>& values, std::int64_t width) {
  return torch::tensor(values, torch::kDouble).view({1, 1, -1, width});  // one cell, one head
}

std::vector<plkd::Pattern> three_patterns() { return {{"a", {0, 1, 2}}, {"b", {2, 3}}, {"c", {4, 5, 6, 7}}}; }

}  // namespace

TEST_CASE("rollout has its hand-computed value", "[golden]") {
  const torch::Tensor first = matrix({.5, .3, .2, .1, .8, .1, .2, .2, .6}, 3);
  const torch::Tensor last = matrix({.2, .5, .3, .3, .4, .3, .6, .1, .3}, 3);
  const torch::Tensor flow = plkd::rollout({first, last});
  REQUIRE(flow.sizes() == torch::IntArrayRef({1, 2}));
  CHECK(flow[0][0].item<double>() == Approx(0.33).epsilon(1e-12));
  CHECK(flow[0][1].item<double>() == Approx(0.1925).epsilon(1e-12));
  // Of the last block it needs the class token's row alone.
  CHECK(torch::allclose(plkd::rollout({first, last.narrow(2, 0, 1)}), flow));
}

TEST_CASE("a block asked for the class token gives what the whole block gives it", "[unit]") {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradient;
  plkd::AttentionBlock block(plkd::AttentionBlockOptions{});
  block->eval();
  const torch::Tensor tokens = torch::randn({3, 9, 48});
  const plkd::AttentionBlockOutput whole = block->forward(tokens, 9);
  const plkd::AttentionBlockOutput alone = block->forward(tokens, 1);
  CHECK(torch::allclose(alone.tokens, whole.tokens.narrow(1, 0, 1), 1e-5, 1e-6));
  CHECK(torch::allclose(alone.attention, whole.attention.narrow(2, 0, 1), 1e-5, 1e-6));
}

TEST_CASE("attention of every token sums to one", "[unit]") {
  torch::manual_seed(2);
  const torch::NoGradGuard no_gradient;
  plkd::AttentionBlock block(plkd::AttentionBlockOptions{});
  block->eval();
  const torch::Tensor attention = block->forward(torch::randn({2, 5, 48}), 5).attention;
  REQUIRE(attention.sizes() == torch::IntArrayRef({2, 4, 5, 5}));
  CHECK(torch::allclose(attention.sum(3), torch::ones({2, 4, 5})));
}

TEST_CASE("a block gives each cell what it gives it alone, however many come at a time", "[unit]") {
  torch::manual_seed(6);
  plkd::AttentionBlock block(plkd::AttentionBlockOptions{});
  block->eval();
  const torch::NoGradGuard no_gradient;
  const torch::Tensor tokens = torch::randn({50, 130, 48});  // more than are attended to at once
  const plkd::AttentionBlockOutput together = block->forward(tokens, 130);
  for (const std::int64_t cell : {0, 21, 22, 49}) {
    const plkd::AttentionBlockOutput alone = block->forward(tokens.narrow(0, cell, 1), 130);
    CHECK(torch::allclose(together.tokens[cell], alone.tokens[0], 1e-4, 1e-5));
    CHECK(torch::allclose(together.attention[cell], alone.attention[0], 1e-4, 1e-6));
  }
}

TEST_CASE("a block trains alike through fused and plain attention", "[unit]") {
  torch::manual_seed(7);
  plkd::AttentionBlockOptions options;
  options.dropout = 0;
  plkd::AttentionBlock block(options);
  const torch::Tensor tokens = torch::randn({3, 40, 48}).requires_grad_();
  const torch::Tensor exact_tokens = tokens.detach().to(torch::kDouble).requires_grad_();
  const torch::Tensor weight = torch::randn({3, 40, 48});
  const torch::Tensor fused = block->forward(tokens, 40).tokens;
  (fused * weight).sum().backward();
  block->to(torch::kDouble);  // which is not fused
  const torch::Tensor plain = block->forward(exact_tokens, 40).tokens;
  (plain * weight).sum().backward();
  CHECK(torch::allclose(fused.to(torch::kDouble), plain, 1e-5, 1e-5));
  CHECK(torch::allclose(tokens.grad().to(torch::kDouble), exact_tokens.grad(), 1e-4, 1e-5));
}

TEST_CASE("a block does not care in which order the other tokens come", "[unit]") {
  torch::manual_seed(3);
  const torch::NoGradGuard no_gradient;
  plkd::AttentionBlock block(plkd::AttentionBlockOptions{});
  block->eval();
  const torch::Tensor tokens = torch::randn({2, 4, 48});
  const torch::Tensor reordered = tokens.index_select(1, torch::tensor({0, 3, 1, 2}));
  CHECK(torch::allclose(block->forward(tokens, 1).tokens, block->forward(reordered, 1).tokens, 1e-5, 1e-6));
}

TEST_CASE("the Teacher gives logits, the class token and one attention a block", "[unit]") {
  torch::manual_seed(4);
  plkd::Teacher teacher(three_patterns(), 8, 5);
  teacher->eval();
  const plkd::TeacherOutput output = teacher->forward(torch::rand({6, 8}));
  CHECK(output.logits.sizes() == torch::IntArrayRef({6, 5}));
  CHECK(output.latent.sizes() == torch::IntArrayRef({6, 48}));
  REQUIRE(output.attention.size() == 2);
  CHECK(output.attention[0].sizes() ==
        torch::IntArrayRef({6, 4, 5, 5}));  // class token, three patterns, free token
  CHECK(output.attention[1].sizes() == torch::IntArrayRef({6, 4, 1, 5}));
  CHECK(plkd::rollout(output.attention).sizes() == torch::IntArrayRef({6, 4}));
}

TEST_CASE("a label's gradient reaches every weight of the Teacher", "[unit]") {
  torch::manual_seed(5);
  plkd::Teacher teacher(three_patterns(), 8, 3);
  const torch::Tensor label = torch::tensor({0, 1, 2, 0}, torch::kLong);
  torch::nn::functional::cross_entropy(teacher->forward(torch::rand({4, 8})).logits, label).backward();
  for (const auto& parameter : teacher->named_parameters()) {
    INFO(parameter.key());
    REQUIRE(parameter.value().grad().defined());
    // A key's bias shifts all scores of a query alike, so softmax takes its gradient away; the value's half
    // remains.
    CHECK(parameter.value().grad().abs().sum().item<float>() > 0);
  }
}

#include "trainer/teacher/reference_layer.h"

#include <catch2/catch.hpp>
#include <set>

#include "trainer/teacher/teacher.h"

namespace {

constexpr std::int64_t kGenes = 12, kEmbed = 4;

// Four patterns of three genes of their own: with the free token, five tokens.
std::vector<plkd::Pattern> patterns() {
  return {{"a", {0, 1, 2}}, {"b", {3, 4, 5}}, {"c", {6, 7, 8}}, {"d", {9, 10, 11}}};
}

// Tokens that move when the gene does.
std::set<std::int64_t> moved_by(plkd::TokenLayerImpl& layer, std::int64_t gene) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor expression = torch::rand({1, kGenes});
  torch::Tensor perturbed = expression.clone();
  perturbed[0][gene] += 1;
  const torch::Tensor change = (layer.forward(perturbed) - layer.forward(expression)).abs().amax(2)[0];
  std::set<std::int64_t> tokens;
  for (std::int64_t token = 0; token < change.size(0); ++token) {
    if (change[token].item<float>() > 1e-5f) tokens.insert(token);
  }
  return tokens;
}

}  // namespace

TEST_CASE("in the published layout a gene moves tokens of patterns without it", "[golden]") {
  torch::manual_seed(1);
  plkd::ReferenceLayerImpl layer(patterns(), kGenes, kEmbed);
  // Pattern b has products 4 to 7 of 20, and the free token 16 to 19; product i goes to token i mod 5.
  CHECK(moved_by(layer, 4) == std::set<std::int64_t>{0, 1, 2, 3, 4});
  // Without its own: pattern a's genes reach tokens 0 to 3, the free token's products 1 to 4.
  const torch::Tensor tokens = layer.forward(torch::zeros({2, kGenes}));
  CHECK(tokens.sizes() == torch::IntArrayRef({2, 5, kEmbed}));
}

TEST_CASE("the published layer holds one dimension each of many patterns in a token", "[golden]") {
  torch::manual_seed(2);
  const torch::NoGradGuard no_gradient;
  plkd::ReferenceLayerImpl layer(patterns(), kGenes, kEmbed);
  const torch::Tensor weight = layer.named_parameters()["weight"], bias = layer.named_parameters()["bias"];
  const torch::Tensor expression = torch::rand({3, kGenes});
  const torch::Tensor tokens = layer.forward(expression);
  for (std::int64_t token = 0; token < 5; ++token) {
    for (std::int64_t dimension = 0; dimension < kEmbed; ++dimension) {
      const std::int64_t product = dimension * 5 + token;
      const torch::Tensor expected = expression.matmul(weight[product]) + bias[product];
      CHECK(torch::allclose(tokens.select(1, token).select(1, dimension), expected, 1e-5, 1e-6));
      // The weights of that product are those of pattern product / 4, whatever the token's name.
      const std::int64_t pattern = product / kEmbed;
      if (pattern == 4) continue;
      const torch::Tensor own = weight[product].narrow(0, 3 * pattern, 3);
      CHECK(own.abs().sum().item<float>() == Approx(weight[product].abs().sum().item<float>()));
    }
  }
}

TEST_CASE("masked weights of the published layer neither act nor learn", "[unit]") {
  torch::manual_seed(3);
  plkd::ReferenceLayerImpl layer(patterns(), kGenes, kEmbed);
  layer.forward(torch::rand({5, kGenes})).square().sum().backward();
  const torch::Tensor gradient = layer.named_parameters()["weight"].grad();
  const torch::Tensor mask = layer.named_buffers()["mask"];
  CHECK((gradient * (1 - mask)).abs().max().item<float>() == 0);
  CHECK((gradient * mask).abs().max().item<float>() > 0);
}

TEST_CASE("a Teacher as published drops whole halves of its last block while it trains", "[unit]") {
  torch::manual_seed(4);
  plkd::AttentionBlockOptions options;
  options.dropout = 0;
  options.drop_path = 0.5;
  plkd::AttentionBlock block(options);
  const torch::NoGradGuard no_gradient;
  const torch::Tensor tokens = torch::randn({400, 3, options.embed});
  block->eval();
  CHECK((block->forward(tokens, 1).tokens - tokens.narrow(1, 0, 1)).abs().amax({1, 2}).min().item<float>() >
        0);
  block->train();
  const torch::Tensor change = (block->forward(tokens, 1).tokens - tokens.narrow(1, 0, 1)).abs().amax({1, 2});
  const double unchanged = (change == 0).to(torch::kDouble).mean().item<double>();
  CHECK(unchanged == Approx(0.25).margin(0.07));  // both halves passed by
}

TEST_CASE("a Teacher as published starts with small weights and no bias, but for the token layer", "[unit]") {
  torch::manual_seed(5);
  plkd::TeacherOptions options;
  options.start = plkd::TeacherStart::AsPublished;
  options.layout = plkd::TokenLayout::AsPublished;
  plkd::Teacher teacher(patterns(), kGenes, 3, options);
  const auto parameters = teacher->named_parameters();
  CHECK(parameters["block0.widen.weight"].std().item<double>() == Approx(0.01).epsilon(0.05));
  CHECK(parameters["block1.query.bias"].abs().max().item<float>() == 0);
  CHECK(parameters["head.bias"].abs().max().item<float>() == 0);
  CHECK(parameters["patterns.weight"].abs().max().item<float>() == Approx(1 / std::sqrt(12.0)).epsilon(0.05));
}

#include "trainer/teacher/pattern_layer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t kGenes = 40, kEmbed = 6;

// Patterns of very different sizes, out of order, that share genes: several buckets, some with padding.
std::vector<plkd::Pattern> mixed_patterns() {
  std::vector<plkd::Pattern> patterns;
  const std::vector<std::pair<int, int>> ranges = {{3, 8}, {0, 40}, {5, 12}, {30, 36}, {1, 21}, {10, 15}};
  for (const auto& [first, end] : ranges) {
    plkd::Pattern pattern{"pattern" + std::to_string(patterns.size()), {}};
    for (int gene = first; gene < end; ++gene) pattern.genes.push_back(gene);
    patterns.push_back(pattern);
  }
  return patterns;
}

// The layer as a masked dense product: every gene against every pattern, most of it times zero.
torch::Tensor naive_tokens(const plkd::PatternLayer& layer, const torch::Tensor& expression) {
  const std::vector<plkd::Pattern> patterns = mixed_patterns();
  const auto count = static_cast<std::int64_t>(patterns.size());
  const torch::Tensor dense = torch::zeros({count, kGenes, kEmbed});
  std::int64_t pair = 0;
  for (std::int64_t p = 0; p < count; ++p) {
    for (const std::int32_t gene : patterns[static_cast<std::size_t>(p)].genes) {
      dense[p][gene].copy_(layer->weight()[pair++]);
    }
  }
  return torch::einsum("cg,pge->cpe", {expression, dense}) + layer->bias().unsqueeze(0);
}

}  // namespace

TEST_CASE("the pattern layer equals a masked dense layer", "[unit]") {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradient;
  plkd::PatternLayer layer(mixed_patterns(), kGenes, kEmbed);
  const torch::Tensor expression = torch::rand({5, kGenes});
  const torch::Tensor tokens = layer->forward(expression);
  REQUIRE(tokens.sizes() == torch::IntArrayRef({5, 7, kEmbed}));
  CHECK(torch::allclose(tokens.narrow(1, 0, 6), naive_tokens(layer, expression), 1e-5, 1e-6));
}

TEST_CASE("a gene perturbs only tokens of patterns that hold it", "[golden]") {
  torch::manual_seed(2);
  const torch::NoGradGuard no_gradient;
  const std::vector<plkd::Pattern> patterns = mixed_patterns();
  plkd::PatternLayer layer(patterns, kGenes, kEmbed);
  const torch::Tensor expression = torch::rand({1, kGenes});
  const torch::Tensor before = layer->forward(expression);
  for (std::int32_t gene = 0; gene < kGenes; ++gene) {
    torch::Tensor perturbed = expression.clone();
    perturbed[0][gene] += 1;
    const torch::Tensor moved = (layer->forward(perturbed) - before).abs().sum(2)[0];
    for (std::size_t p = 0; p < patterns.size(); ++p) {
      const bool holds = std::count(patterns[p].genes.begin(), patterns[p].genes.end(), gene) > 0;
      CHECK((moved[static_cast<std::int64_t>(p)].item<float>() > 1e-4f) == holds);
    }
    CHECK(moved[6].item<float>() > 1e-4f);  // the free token sees every gene
  }
}

TEST_CASE("weights are drawn by the fan-in of their pattern", "[unit]") {
  torch::manual_seed(3);
  const std::vector<plkd::Pattern> patterns = {
      {"small", {0, 1, 2, 3}}, {"large", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}};
  plkd::PatternLayer layer(patterns, 16, 64);
  const torch::Tensor size = layer->weight().detach().abs();
  CHECK(size.narrow(0, 0, 4).max().item<float>() == Approx(0.5).epsilon(0.05));
  CHECK(size.narrow(0, 4, 16).max().item<float>() == Approx(0.25).epsilon(0.05));
}

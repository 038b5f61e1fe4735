#include "trainer/teacher/pattern_layer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>

namespace plkd {
namespace {

std::int64_t size_of(const Pattern& pattern) { return static_cast<std::int64_t>(pattern.genes.size()); }

// First pair of each pattern, and the number of pairs at the end.
std::vector<std::int64_t> pair_begins(const std::vector<Pattern>& patterns) {
  std::vector<std::int64_t> begin = {0};
  for (const Pattern& pattern : patterns) begin.push_back(begin.back() + size_of(pattern));
  return begin;
}

std::vector<std::size_t> largest_first(const std::vector<Pattern>& patterns) {
  std::vector<std::size_t> order(patterns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return patterns[a].genes.size() > patterns[b].genes.size();
  });
  return order;
}

// U(-b, b) with b = 1 / sqrt(genes of the pattern), the fan-in that its token really has.
torch::Tensor uniform_by_fan_in(const std::vector<double>& fan_in, std::int64_t embed) {
  const torch::Tensor bound = torch::tensor(fan_in, torch::kFloat).rsqrt().unsqueeze(1);
  return torch::empty({static_cast<std::int64_t>(fan_in.size()), embed}).uniform_(-1, 1) * bound;
}

}  // namespace

PatternLayerImpl::PatternLayerImpl(const std::vector<Pattern>& patterns, std::int64_t genes,
                                   std::int64_t embed)
    : free_(register_module("free", torch::nn::Linear(genes, embed))) {
  const std::vector<std::int64_t> begin = pair_begins(patterns);
  std::vector<double> pair_fan_in, pattern_fan_in;
  for (const Pattern& pattern : patterns) {
    pattern_fan_in.push_back(static_cast<double>(pattern.genes.size()));
    pair_fan_in.insert(pair_fan_in.end(), pattern.genes.size(), pattern_fan_in.back());
  }
  weight_ = register_parameter("weight", uniform_by_fan_in(pair_fan_in, embed));
  bias_ = register_parameter("bias", uniform_by_fan_in(pattern_fan_in, embed));

  const std::vector<std::size_t> order = largest_first(patterns);
  std::vector<std::int64_t> place(patterns.size());
  for (std::size_t first = 0; first < order.size();) {
    const std::size_t width = patterns[order[first]].genes.size();
    std::size_t end = first;
    // At most a quarter of a bucket is padding.
    while (end < order.size() && patterns[order[end]].genes.size() * 4 >= width * 3) ++end;
    std::vector<std::int64_t> gene, pair;
    for (std::size_t i = first; i < end; ++i) {
      const Pattern& pattern = patterns[order[i]];
      place[order[i]] = static_cast<std::int64_t>(i);
      for (std::size_t k = 0; k < width; ++k) {
        const bool is_padding = k >= pattern.genes.size();
        gene.push_back(is_padding ? 0 : pattern.genes[k]);
        pair.push_back(is_padding ? begin.back() : begin[order[i]] + static_cast<std::int64_t>(k));
      }
    }
    const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(end - first),
                                             static_cast<std::int64_t>(width)};
    const std::string name = std::to_string(buckets_.size());
    buckets_.push_back({register_buffer("gene" + name, torch::tensor(gene, torch::kLong).view(shape)),
                        register_buffer("pair" + name, torch::tensor(pair, torch::kLong).view(shape))});
    first = end;
  }
  place_ = register_buffer("place", torch::tensor(place, torch::kLong));
}

torch::Tensor PatternLayerImpl::forward(const torch::Tensor& expression) {
  const std::int64_t embed = weight_.size(1);
  const torch::Tensor by_gene = expression.t().contiguous();  // [genes x cells]
  const torch::Tensor padded = torch::cat({weight_, torch::zeros({1, embed}, weight_.options())});
  std::vector<torch::Tensor> tokens;  // each [patterns of the bucket x cells x embed]
  for (const Bucket& bucket : buckets_) {
    const std::int64_t patterns = bucket.gene.size(0), width = bucket.gene.size(1);
    const torch::Tensor x = by_gene.index_select(0, bucket.gene.flatten()).view({patterns, width, -1});
    const torch::Tensor w = padded.index_select(0, bucket.pair.flatten()).view({patterns, width, embed});
    tokens.push_back(x.transpose(1, 2).bmm(w));
  }
  const torch::Tensor by_pattern = torch::cat(tokens).index_select(0, place_) + bias_.unsqueeze(1);
  return torch::cat({by_pattern.transpose(0, 1), free_(expression).unsqueeze(1)}, 1);
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/teacher/token_layer.h"

namespace plkd {

// The published implementation's token layer, for ablations and benchmarks: a dense matrix with a weight for
// every gene and token, masked in every step, and its defect. The products lie pattern by pattern but are
// read dimension by dimension, so component w of token c is product w * tokens + c, which belongs to pattern
// (w * tokens + c) / embed: tokens are mixtures that carry a pattern's name.
class ReferenceLayerImpl : public TokenLayerImpl {
 public:
  ReferenceLayerImpl(const std::vector<Pattern>& patterns, std::int64_t genes, std::int64_t embed);

  torch::Tensor forward(const torch::Tensor& expression) override;
  torch::Tensor gene_weight() const override;

 private:
  std::int64_t tokens_;   // patterns and the free token
  torch::Tensor weight_;  // [tokens * embed x genes], token by token
  torch::Tensor bias_;    // [tokens * embed]
  torch::Tensor mask_;    // [tokens * embed x genes], 1 where the token's pattern holds the gene
};
TORCH_MODULE(ReferenceLayer);

}  // namespace plkd

#pragma once

#include <cstdint>

#include "shared/genes/modality.h"
#include "trainer/torch.h"

namespace plkd {

// What a linear teacher sees of a gene: its expression, or how far that is from the reference's mean in the
// gene's deviations.
enum class LinearInput { Expression, Standardised };

struct LinearTeacherOptions {
  LinearInput input = LinearInput::Expression;
  // Share of genes hidden from it in each step. Raising it spreads the weights over more genes.
  double hidden_genes = 0;
};

// y = x W + b. Far from the reference it errs differently from a Transformer, and a Student can hold it
// exactly.
struct LinearFunction {
  torch::Tensor weight;  // [classes x genes]
  torch::Tensor bias;    // [classes]
};

// Multinomial regression on single genes, the Transformer's assistant. Weights start at zero, so that genes
// that never matter keep none. Of several modalities it sees one.
class LinearTeacherImpl : public torch::nn::Module {
 public:
  LinearTeacherImpl(const torch::Tensor& reference,  // [cells x genes], in the Student's scale
                    const FeatureBlock& sees, std::int64_t classes, const LinearTeacherOptions& options);

  torch::Tensor forward(const torch::Tensor& expression);  // [cells x genes] -> logits [cells x classes]

  // The same function of expression as it is, standardising folded in. Of one block among others it is zero in a cell without any of it: the
  // block's flag carries the constant.
  LinearFunction function() const;

 private:
  FeatureBlock sees_;
  std::int64_t features_;           // of all blocks, flags among them
  torch::Tensor mean_, deviation_;  // [genes of the block]
  torch::nn::Dropout hide_;
  torch::nn::Linear linear_;
};
TORCH_MODULE(LinearTeacher);

}  // namespace plkd

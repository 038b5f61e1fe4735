#pragma once

#include "trainer/torch.h"

namespace plkd {

enum class SelfEntropyForm { ToPrior, AsPublished };

// Keeps the Student from favouring some classes over a batch: the self-entropy term, Eq. 8 of PLKD, with the
// sign of its origin (UnitedNet). The published code adds the entropy instead of subtracting it, which
// rewards collapse.
//   KL(mean_i softmax(s_i) || prior)
// For a uniform prior this is log C - H(mean softmax); it is 0 when the batch's mean prediction is the prior.
torch::Tensor self_entropy(
    const torch::Tensor& logits,  // [cells x classes]
    const torch::Tensor& prior,   // [classes], sums to 1, the shares of the classes in the batch
    SelfEntropyForm form = SelfEntropyForm::ToPrior);

// The term as published, for ablations: softmax of the mean logits, divided by C, to be *added*, i.e.
// minimised.
torch::Tensor self_entropy_as_published(const torch::Tensor& logits);

}  // namespace plkd

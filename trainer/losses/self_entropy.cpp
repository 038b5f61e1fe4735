#include "trainer/losses/self_entropy.h"

namespace plkd {

torch::Tensor self_entropy(const torch::Tensor& logits, const torch::Tensor& prior, SelfEntropyForm form) {
  if (form == SelfEntropyForm::AsPublished) return self_entropy_as_published(logits);
  const torch::Tensor mean = torch::softmax(logits, 1).mean(0);
  // A class the batch lacks has prior 0; the floor makes predicting it dear instead of infinitely dear.
  return (mean * (mean.clamp_min(1e-12).log() - prior.clamp_min(1e-3).log())).sum();
}

torch::Tensor self_entropy_as_published(const torch::Tensor& logits) {
  const torch::Tensor p = torch::softmax(logits.mean(0), 0);
  return -(p * (p + 1e-6).log()).mean();
}

}  // namespace plkd

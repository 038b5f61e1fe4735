#include "trainer/fit/agreement.h"

namespace plkd {

Agreement agreement(const torch::Tensor& logits, const torch::Tensor& label) {
  const std::int64_t classes = logits.size(1);
  const torch::Tensor best = logits.argmax(1);
  const torch::Tensor hits =
      torch::bincount(label.masked_select(best == label), {}, classes).to(torch::kDouble);
  const torch::Tensor truth = torch::bincount(label, {}, classes).to(torch::kDouble);
  const torch::Tensor given = torch::bincount(best, {}, classes).to(torch::kDouble);
  const torch::Tensor f1 = (2 * hits / (truth + given).clamp_min(1)).masked_select(truth > 0);
  return {(hits.sum() / truth.sum()).item<double>(), f1.mean().item<double>()};
}

}  // namespace plkd

#include "trainer/losses/batch_alignment.h"

#include <cstdint>

namespace plkd {
namespace {

constexpr double kTiny = 1e-9;

// Mean latent of each cell's group.
torch::Tensor centres(const torch::Tensor& latent, const torch::Tensor& group, std::int64_t groups) {
  const torch::Tensor sum =
      torch::zeros({groups, latent.size(1)}, latent.options()).index_add(0, group, latent);
  const torch::Tensor size = torch::bincount(group, {}, groups).clamp_min(1).to(latent.dtype());
  return (sum / size.unsqueeze(1)).index_select(0, group);
}

}  // namespace

torch::Tensor batch_alignment(const torch::Tensor& latent, const torch::Tensor& label,
                              const torch::Tensor& batch) {
  if (latent.size(0) == 0) return latent.sum();
  const std::int64_t classes = label.max().item<std::int64_t>() + 1;
  const std::int64_t batches = batch.max().item<std::int64_t>() + 1;
  const torch::Tensor cells_of =
      torch::bincount(label * batches + batch, {}, classes * batches).view({classes, batches});
  const torch::Tensor has_two = (cells_of > 0).sum(1) > 1;  // [classes]
  const torch::Tensor chosen = has_two.index_select(0, label).nonzero().squeeze(1);
  if (chosen.size(0) == 0) return torch::zeros({}, latent.options());

  const torch::Tensor z = latent.index_select(0, chosen);
  const torch::Tensor of_class = label.index_select(0, chosen);
  const torch::Tensor of_class_and_batch = of_class * batches + batch.index_select(0, chosen);
  const torch::Tensor class_centre = centres(z, of_class, classes);
  const torch::Tensor batch_centre = centres(z, of_class_and_batch, classes * batches);
  return (batch_centre - class_centre).square().sum() / (z - class_centre).square().sum().clamp_min(kTiny);
}

}  // namespace plkd

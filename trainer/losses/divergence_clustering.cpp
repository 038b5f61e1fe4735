#include "trainer/losses/divergence_clustering.h"

#include <cstdint>

namespace plkd {
namespace {

constexpr double kBandwidth = 0.15;  // of the median squared distance, as in the ancestor's code
constexpr double kTiny = 1e-9;

// |a_i - b_j|^2 by the binomial formula, which needs no [cells x cells x width] tensor.
torch::Tensor squared_distances(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor squares = a.square().sum(1, true) + b.square().sum(1).unsqueeze(0);
  return (squares - 2 * a.matmul(b.t())).clamp_min(0);
}

}  // namespace

torch::Tensor median_kernel(const torch::Tensor& latent) {
  const torch::Tensor distance = squared_distances(latent, latent);
  const torch::Tensor variance = kBandwidth * distance.detach().median().clamp_min(kTiny);
  return torch::exp(-distance / (2 * variance));
}

torch::Tensor class_overlap(const torch::Tensor& assignment, const torch::Tensor& similarity) {
  const std::int64_t classes = assignment.size(1);
  if (classes < 2) return torch::zeros({}, assignment.options());
  const torch::Tensor mass = assignment.t().matmul(similarity).matmul(assignment);  // [classes x classes]
  const torch::Tensor own = mass.diagonal();
  const torch::Tensor scale = (own.unsqueeze(0) * own.unsqueeze(1)).clamp_min(kTiny * kTiny).sqrt();
  const torch::Tensor overlap = mass.clamp_min(kTiny) / scale;
  return overlap.triu(1).sum() * (2.0 / static_cast<double>(classes * (classes - 1)));
}

torch::Tensor corner_assignment(const torch::Tensor& probability) {
  const torch::Tensor corners = torch::eye(probability.size(1), probability.options());
  return torch::exp(-squared_distances(probability, corners));
}

torch::Tensor divergence_clustering_as_published(const torch::Tensor& assignment,
                                                 const torch::Tensor& latent) {
  constexpr double kEpsilon = 1e-6;
  const torch::Tensor similarity = torch::exp(-squared_distances(latent, latent));
  const torch::Tensor mass = assignment.t().matmul(similarity).matmul(assignment);
  const torch::Tensor own = mass.diagonal().clamp_min(0) + kEpsilon;
  const torch::Tensor overlap = mass / ((own.unsqueeze(0) * own.unsqueeze(1)).sqrt() + kEpsilon);
  return overlap.triu(1).sum() / static_cast<double>(assignment.size(1));
}

torch::Tensor divergence_clustering(const torch::Tensor& logits, const torch::Tensor& latent,
                                    const torch::Tensor& label, const DivergenceClusteringOptions& options) {
  if (options.form == ClusteringForm::AsPublished) return divergence_clustering_as_published(logits, latent);
  const torch::Tensor present = torch::bincount(label, {}, logits.size(1)).nonzero().squeeze(1);
  const torch::Tensor probability = torch::softmax(logits, 1);
  const torch::Tensor similarity = median_kernel(latent);
  const torch::Tensor overlap = class_overlap(probability.index_select(1, present), similarity);
  if (options.terms == 1) return overlap;
  return overlap + class_overlap(corner_assignment(probability).index_select(1, present), similarity);
}

}  // namespace plkd

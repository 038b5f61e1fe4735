#pragma once

#include <cstdint>

#include "trainer/torch.h"

namespace plkd {

// Pulls the classes apart in the Teacher's latent space, whatever batch their cells come from: the
// divergence-based clustering loss, Eq. 5 of PLKD. To add a loss: 1. a header here with shapes, equation and
// source, 2. a weight in FitTeacherOptions or DistilOptions, 3. the term in fit_teacher.cpp or distil.cpp, 4.
// a golden value in tests/trainer.

// Gaussian similarity of cells, exp(-|z_i - z_j|^2 / (2 sigma^2)) with sigma^2 = 0.15 median |z_i - z_j|^2.
// The median is taken as a constant, so that the loss cannot be lowered by scaling the latents up.
torch::Tensor median_kernel(const torch::Tensor& latent);  // [cells x embed] -> [cells x cells]

// Cauchy-Schwarz overlap of the classes, mean over pairs a < b of
//   A_a' S A_b / sqrt(A_a' S A_a * A_b' S A_b)
// with A the assignment of cells to classes and S their similarity: 0 when classes are orthogonal, 1 when
// they coincide.
torch::Tensor class_overlap(const torch::Tensor& assignment,   // [cells x classes], >= 0
                            const torch::Tensor& similarity);  // [cells x cells]

// Closeness of each cell's probabilities p to the corner of each class, exp(-|p - e_c|^2): the assignment of
// the loss's third term in the ancestor's form.
torch::Tensor corner_assignment(const torch::Tensor& probability);  // [cells x classes] -> [cells x classes]

// The loss as published, for ablations: raw logits as assignment, exp(-|z_i - z_j|^2) as similarity, the sum
// over pairs divided by the number of classes. Negative logits let it fall below 0, so its optimum is
// anti-correlation.
torch::Tensor divergence_clustering_as_published(
    const torch::Tensor& assignment,  // [cells x classes], the logits
    const torch::Tensor& latent);     // [cells x embed]

enum class ClusteringForm { ByProbability, AsPublished };

struct DivergenceClusteringOptions {
  // 1: overlap of the softmax. 2: and of the softmax's closeness to the classes' corners, which asks the
  // Teacher to be sure as well as apart.
  std::int64_t terms = 1;
  ClusteringForm form = ClusteringForm::ByProbability;
};

// Class overlap of the softmax in the latent space, over the classes that `label` shows to be in the batch: a
// class without cells has a denominator of nearly zero. 0 with fewer than two classes.
torch::Tensor divergence_clustering(const torch::Tensor& logits,  // [cells x classes]
                                    const torch::Tensor& latent,  // [cells x embed]
                                    const torch::Tensor& label,   // [cells], int64
                                    const DivergenceClusteringOptions& options = {});

}  // namespace plkd

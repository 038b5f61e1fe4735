#pragma once

#include "trainer/torch.h"

namespace plkd {

// How far a class's cells of different batches lie apart in the latent space: the share of the spread around
// the classes' centres that the batches' own centres explain,
//   sum_(c,b) n_(c,b) |m_(c,b) - m_c|^2 / sum_i |z_i - m_(c(i))|^2
// over the classes that have cells of two batches or more. 0 when each class has one centre in all batches, 1
// when a batch is one point; by chance about (batches - 1) / (cells - 1) of a class. A ratio, so that
// shrinking the latents gains nothing. 0 when no class has two batches.
torch::Tensor batch_alignment(const torch::Tensor& latent,  // [cells x width]
                              const torch::Tensor& label,   // [cells], int64
                              const torch::Tensor& batch);  // [cells], int64

}  // namespace plkd

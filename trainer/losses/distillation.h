#pragma once

#include "trainer/torch.h"

namespace plkd {

// How far the Student's softened predictions are from the Teacher's (Hinton et al. 2015; PLKD section 4):
//   T^2 * mean_i KL(softmax(t_i / T) || softmax(s_i / T))
// T^2 keeps the gradient's size independent of the temperature.
torch::Tensor distillation(const torch::Tensor& student_logits,  // [cells x classes]
                           const torch::Tensor& teacher_logits,  // [cells x classes], no gradient
                           double temperature);

}  // namespace plkd

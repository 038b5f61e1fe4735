#include "trainer/losses/distillation.h"

namespace plkd {

torch::Tensor distillation(const torch::Tensor& student_logits, const torch::Tensor& teacher_logits,
                           double temperature) {
  const torch::Tensor student = torch::log_softmax(student_logits / temperature, 1);
  const torch::Tensor teacher = torch::log_softmax(teacher_logits.detach() / temperature, 1);
  return temperature * temperature * (teacher.exp() * (teacher - student)).sum(1).mean();
}

}  // namespace plkd

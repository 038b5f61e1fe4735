#pragma once

#include <cstdint>
#include <vector>

#include "trainer/torch.h"

namespace plkd {

struct StudentNetOptions {
  std::vector<std::int64_t> widths = {256, 128};
  double dropout = 0.2;
};

struct StudentNetOutput {
  torch::Tensor logits;  // [cells x classes]
  torch::Tensor latent;  // [cells x last width]
};

// The Student while it learns: [Linear -> LayerNorm -> GELU (erf) -> Dropout] for each width, then Linear to
// the classes. What it becomes is plkd::Student; export/to_student.h does that.
class StudentNetImpl : public torch::nn::Module {
 public:
  StudentNetImpl(std::int64_t genes, std::int64_t classes, const StudentNetOptions& options = {});

  StudentNetOutput forward(const torch::Tensor& expression);  // [cells x genes]

  const std::vector<torch::nn::Linear>& hidden() const { return hidden_; }
  const std::vector<torch::nn::LayerNorm>& norm() const { return norm_; }
  const torch::nn::Linear& head() const { return head_; }

 private:
  std::vector<torch::nn::Linear> hidden_;
  std::vector<torch::nn::LayerNorm> norm_;
  torch::nn::Dropout dropout_;
  torch::nn::Linear head_;
};
TORCH_MODULE(StudentNet);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "trainer/teacher/linear_teacher.h"
#include "trainer/torch.h"

namespace plkd {

// What stands between a hidden layer and its GELU. The published Student has LayerNorm; without it the total amount of
// expression reaches the latent, and labels of other studies are better.
enum class HiddenNorm { None, Layer };

struct StudentNetOptions {
  std::vector<std::int64_t> widths = {256, 128};
  double dropout = 0.2;
  HiddenNorm norm = HiddenNorm::None;
  // Patterns whose attention the Student learns to tell as well; 0 without a Teacher.
  std::int64_t patterns = 0;
  // A linear function of the expression that is added to the logits and not trained further; undefined: none.
  LinearFunction direct;
};

struct StudentNetOutput {
  torch::Tensor logits;  // [cells x classes]
  torch::Tensor latent;  // [cells x last width]
  torch::Tensor patterns;  // [cells x patterns], see PatternScores; undefined when there are none
};

// The Student while it learns: [Linear -> (LayerNorm) -> GELU (erf) -> Dropout] for each width, then Linear to
// the classes, plus the direct function, and Linear to the patterns' scores. What it becomes is plkd::Student; export/to_student.h does that.
class StudentNetImpl : public torch::nn::Module {
 public:
  StudentNetImpl(std::int64_t genes, std::int64_t classes, const StudentNetOptions& options = {});

  StudentNetOutput forward(const torch::Tensor& expression);  // [cells x genes]

  // Moves the logits for good: what is said of every cell alike, as by a change of the classes' prior.
  void add_to_logits(const torch::Tensor& offset);  // [classes]

  const std::vector<torch::nn::Linear>& hidden() const { return hidden_; }
  const std::vector<torch::nn::LayerNorm>& norm() const { return norm_; }  // empty without
  const torch::nn::Linear& head() const { return head_; }
  const torch::nn::Linear& patterns() const { return patterns_; }  // null without patterns
  const LinearFunction& direct() const { return direct_; }          // undefined without

 private:
  std::vector<torch::nn::Linear> hidden_;
  std::vector<torch::nn::LayerNorm> norm_;
  torch::nn::Dropout dropout_;
  torch::nn::Linear head_;
  torch::nn::Linear patterns_ = nullptr;
  LinearFunction direct_;
};
TORCH_MODULE(StudentNet);

}  // namespace plkd

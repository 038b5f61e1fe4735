#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/cli/progress.h"
#include "trainer/data/corrupt.h"
#include "trainer/fit/fit_loop.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/training_part.h"
#include "trainer/teacher/linear_teacher.h"

namespace plkd {

struct CommitteeOptions {
  // Weights of the members' probabilities. Raising the Transformer's gives patterns more say, raising the
  // others' single genes. 0 leaves a member out.
  double transformer = 0.7;
  double standardised = 0.7;
  double expression = 2.3;  // a model of proteins alone takes 0.15 of it
  CorruptionOptions corruption;
  double epochs = 12;
  // Fits that a linear teacher is the mean of: each sees other corruptions, and on another study's cells two
  // fits to the same reference can differ by 10 points of accuracy.
  int fits = 3;
  double label_smoothing = 0.05;
  double mixed_share = 0.5;
  ClassShares shares;
  ResumeFile* resume = nullptr;  // see FitLoopOptions
};

struct LinearRecipe;

// The teachers a Student learns from: the pattern Transformer and two linear models of single genes. Each
// errs in its own way on another study's cells (linear on expression as it is: small shifts; standardised:
// other chemistries; the Transformer: rare types), and what they agree on is right more often than any of
// them.
class Committee {
 public:
  // The Transformer must be trained; the linear members are trained here, and each member's temperature is
  // fitted on the held-out cells.
  Committee(const TrainingPart& part, Teacher transformer, const CommitteeOptions& options,
            std::mt19937_64& rng, Verbosity verbosity);

  // Trains the linear members anew, on the training cells of `part`. Weights and temperatures stay; the
  // Transformer does too, so that to its new pupils some cells are strangers to it.
  void refit(const TrainingPart& part, std::mt19937_64& rng, Verbosity verbosity);

  // Mean of the members' probabilities, and the Transformer's attention.
  struct View {
    torch::Tensor probability;  // [cells x classes]
    torch::Tensor attention;    // [cells x patterns]
  };
  View ask(const torch::Tensor& expression);  // [cells x genes]

  // The linear members' part of the mean, in logits: what the Student carries over as it is.
  LinearFunction direct() const;

 private:
  // What a linear member makes of one modality.
  struct LinearView {
    FeatureBlock block;
    LinearFunction function;  // mean of several fits
    double temperature = 1;
  };
  struct LinearMember {
    const LinearRecipe* recipe = nullptr;
    double weight = 0;
    std::vector<LinearView> views;  // their logits add up, as independent evidence does
  };

  CommitteeOptions options_;
  Teacher transformer_;
  double transformer_weight_ = 0;
  double transformer_temperature_ = 1;
  std::vector<LinearMember> linear_;
};

}  // namespace plkd

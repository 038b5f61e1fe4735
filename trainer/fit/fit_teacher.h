#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/data/corrupt.h"
#include "trainer/fit/fit_loop.h"
#include "trainer/fit/training_part.h"
#include "trainer/losses/divergence_clustering.h"
#include "trainer/teacher/teacher.h"

namespace plkd {

struct FitTeacherOptions {
  TeacherOptions network;
  FitLoopOptions loop;
  CorruptionOptions corruption;
  double epochs = 12;
  double label_smoothing = 0.05;
  // Attention is slow to learn what it seldom sees. The linear teachers lose on other studies when classes
  // are evened out like that.
  ClassShares shares{.exponent = 0.5};
  // Share of cells mixed with another cell: see mix.
  double mixed_share = 0.5;
  // Weight of the divergence-based clustering loss. Raising it spreads the classes wider at the cost of the
  // labels' fit.
  double clustering_weight = 0.2;
  DivergenceClusteringOptions clustering;
  // Weight of batch_alignment. Raising it draws a class's batches together, at the cost of differences that
  // are real.
  double alignment_weight = 0;
  // A Teacher to train further; a new one is drawn without it.
  Teacher start = nullptr;
};

struct FittedTeacher {
  Teacher network = nullptr;
  Agreement at_start;  // with the held-out cells, before the first step
  FitLoopResult fit;
};

// Trains the pattern Transformer on corrupted cells and keeps the checkpoint that labels clean held-out cells
// best.
FittedTeacher fit_teacher(const TrainingPart& part, const std::vector<Pattern>& patterns,
                          const FitTeacherOptions& options, std::mt19937_64& rng, Verbosity verbosity);

// What a Teacher says of cells when it does not learn.
struct TeacherView {
  torch::Tensor logits;     // [cells x classes]
  torch::Tensor attention;  // [cells x patterns], by rollout, the free token left out
};

TeacherView ask(Teacher& teacher, const torch::Tensor& expression);  // [cells x genes], a batch at a time

}  // namespace plkd

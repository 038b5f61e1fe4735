#pragma once

#include <random>
#include <vector>

#include "trainer/fit/committee.h"
#include "trainer/fit/fit_loop.h"
#include "trainer/fit/pattern_scores.h"
#include "trainer/fit/training_part.h"
#include "trainer/losses/self_entropy.h"
#include "trainer/student/student_net.h"

namespace plkd {

struct DistilOptions {
  StudentNetOptions network;
  FitLoopOptions loop{.limits = {.fewest = 450}};
  CorruptionOptions corruption;
  // Twice the Teacher's: the Student has more to imitate than to learn.
  double epochs = 24;
  double label_smoothing = 0.05;
  // Share of the teachers in the loss; the rest is the reference's own labels. 0 trains without any teacher.
  double teacher_share = 1;
  // Softens the teachers' targets: raising it shows the Student more of which types they find alike.
  double temperature = 1;
  // Share of cells mixed with another cell: see mix.
  double mixed_share = 0.5;
  // With teachers; alone, the Student does better on the reference's own shares.
  ClassShares shares;
  // How much of the reference's class shares the Student's logits keep: 1 all, 0 takes every class to be as
  // likely. What a query is made of is unknown, and types that are rare in the reference would be called too
  // seldom (logit adjustment, Menon et al. 2021, with tau = 1 - prior).
  double prior = 0.8;
  // Weight of the self-entropy term. Raising it holds the Student closer to the classes' shares in the
  // reference.
  double self_entropy_weight = 0;
  SelfEntropyForm self_entropy_form = SelfEntropyForm::ToPrior;
  // Weight of batch_alignment on the Student's latent, see FitTeacherOptions.
  double alignment_weight = 0;
  // Weight of the patterns' scores, whose squared error is about 1 when nothing is learnt yet.
  double pattern_weight = 0.1;
};

struct DistilledStudent {
  StudentNet network;
  FitLoopResult fit;
  PatternAgreement
      patterns;  // with the Teacher, over the held-out cells; zero without a Teacher or such cells
};

// Trains the Student to answer as its teachers do, and to tell the patterns' scores, all seeing the same
// corrupted and mixed cells. Targets from the uncorrupted cells, as published, are nearly the labels again
// and add nothing. The linear teachers' part is carried over as it is (StudentNetOptions::direct): imitated
// by hidden layers it holds on the reference's cells and not on another study's. README.md has the figures
// with and without teachers.
DistilledStudent distil(const TrainingPart& part, Committee* teachers, const std::vector<Pattern>& patterns,
                        const DistilOptions& options, std::mt19937_64& rng, Verbosity verbosity);

}  // namespace plkd

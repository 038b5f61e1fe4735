#pragma once

#include <random>
#include <vector>

#include "trainer/fit/fit_loop.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/pattern_scores.h"
#include "trainer/fit/training_part.h"
#include "trainer/student/student_net.h"

namespace plkd {

struct DistilOptions {
  StudentNetOptions network;
  FitLoopOptions loop;
  CorruptionOptions corruption;
  // Twice the Teacher's: the Student has more to imitate than to learn.
  double epochs = 24;
  double label_smoothing = 0.05;
  // Share of the Teacher in the loss; the rest is the reference's own labels. 0 trains without the Teacher.
  double teacher_share = 0.9;
  // Softens the Teacher's targets: raising it shows the Student more of which types the Teacher finds alike.
  double temperature = 2;
  // Share of cells mixed with another cell. What the Teacher thinks of a cell between two types is where it
  // has most to tell; what it thinks of its own training cells is little more than their labels.
  double mixed_share = 0.5;
  // Weight of the self-entropy term. Raising it holds the Student closer to the classes' shares in the
  // reference.
  double self_entropy_weight = 0.1;
  // Weight of the patterns' scores, whose squared error is about 1 when nothing is learnt yet.
  double pattern_weight = 0.1;
};

struct DistilledStudent {
  StudentNet network;
  FitLoopResult fit;
  PatternAgreement patterns;  // with the Teacher, over the held-out cells; zero without a Teacher
};

// Trains the Student to answer as the Teacher does, and to tell its patterns' scores, each seeing the
// same corrupted and mixed cells. Targets
// from the uncorrupted cells, as published, are nearly the labels again and add nothing. Whether these do
// depends on the pair of studies: README.md has the figures with and without the Teacher.
DistilledStudent distil(const TrainingPart& part, Teacher& teacher, const std::vector<Pattern>& patterns,
                        const DistilOptions& options, std::mt19937_64& rng, Verbosity verbosity);

}  // namespace plkd

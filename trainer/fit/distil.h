#pragma once

#include <random>

#include "trainer/fit/fit_loop.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/training_part.h"
#include "trainer/student/student_net.h"

namespace plkd {

struct DistilOptions {
  StudentNetOptions network;
  FitLoopOptions loop;
  CorruptionOptions corruption;
  double epochs = 12;
  double label_smoothing = 0.05;
  // Share of the Teacher in the loss; the rest is the reference's own labels. 0 trains without the Teacher.
  double teacher_share = 0.5;
  // Softens the Teacher's targets: raising it shows the Student more of which types the Teacher finds alike.
  double temperature = 4;
  // Weight of the self-entropy term. Raising it holds the Student closer to the classes' shares in the reference.
  double self_entropy_weight = 0.1;
  double same = 0; double mix = 0; double mixlo = 0.5;
};

struct DistilledStudent {
  StudentNet network;
  FitLoopResult fit;
};

// Trains the Student on corrupted cells against the Teacher's view of the same cells uncorrupted: it learns to see
// through the corruption.
DistilledStudent distil(const TrainingPart& part, Teacher& teacher, const DistilOptions& options, std::mt19937_64& rng,
                        Verbosity verbosity);

}  // namespace plkd

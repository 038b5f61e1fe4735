#pragma once

#include "shared/student/student.h"
#include "trainer/fit/training_part.h"
#include "trainer/student/student_net.h"

namespace plkd {

// The trained network as the Student that is written to the model file: input scale folded into the first
// layer, and the map set to the first two principal components of the training cells' latents.
Student to_student(StudentNet& network, const TrainingPart& part);

}  // namespace plkd

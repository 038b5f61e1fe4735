#pragma once

#include "shared/student/kernel.h"
#include "shared/student/student.h"

namespace plkd {

// run_student with a kernel of one's choice, for tests and timing: the output is the same with each.
StudentOutput run_student(const Student& student, const CountMatrix& expression, StudentTask task, const Kernel& kernel);

}  // namespace plkd

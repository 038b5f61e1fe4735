#pragma once

#include <string>
#include <vector>

#include "trainer/train.h"

namespace plkd {

// What the published implementation does otherwise than we do. Each can be put back alone, to see what our
// choice is worth.
struct Deviation {
  const char* name;     // in --reference-mode
  const char* meaning;  // what is done as published
  void (*apply)(TrainOptions&);
};
const std::vector<Deviation>& deviations();

// Sets the options as published: everything for "" or "all", else the named deviations, separated by commas.
// Throws WrongUsage that lists the names.
void use_reference_mode(TrainOptions& options, const std::string& names);

}  // namespace plkd

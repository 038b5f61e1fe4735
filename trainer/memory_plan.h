#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/genes/patterns.h"
#include "trainer/fit/training_part.h"

namespace plkd {

struct TrainOptions;

// How much memory a training will take, said before it begins.
struct MemoryPlan {
  struct Part {
    std::string what;
    double mb = 0;
  };
  double so_far_mb = 0;      // the peak until now: reading, choosing genes and patterns
  std::vector<Part> held;    // all the while
  std::vector<Part> phases;  // one after the other, on top of it

  double most_mb() const;  // what the training stays below
};

// Call it when reference and patterns are in memory and no network is yet.
MemoryPlan plan_memory(const TrainingPart& part, const std::vector<Pattern>& patterns, const TrainOptions& options);

std::string describe(const MemoryPlan& plan);  // "memory, in MB: held 310 (...); ..."
nlohmann::json to_json(const MemoryPlan& plan);

double peak_memory_mb();  // resident, of this program until now; 0 where the system does not tell

}  // namespace plkd

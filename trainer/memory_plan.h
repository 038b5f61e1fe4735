#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "trainer/fit/prepare.h"

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
  double on_disk_mb = 0;     // counts, which the system keeps in memory as far as there is room; not in the sums

  double most_mb() const;  // what the training stays below
};

// Call it when the reference is prepared and no network is yet.
MemoryPlan plan_memory(const Prepared& prepared, const TrainOptions& options);

std::string describe(const MemoryPlan& plan);  // "memory in MB: program and genes 310; ... at most 1180"
nlohmann::json to_json(const MemoryPlan& plan);

}  // namespace plkd

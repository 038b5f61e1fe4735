#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "trainer/data/reference.h"

namespace plkd {

struct ExportCheck {
  std::int64_t cells = 0;
  double largest_difference = 0;  // of a logit
};

// Logits further apart than this share of the larger of 1 and the largest logit mean that file and network
// are not the same function. Both sum 3,000 terms in float, in different orders: seen 2e-6 to 3e-6.
constexpr double kExportTolerance = 1e-3;

// Reads the model file back and annotates the held-out cells from their files, as `plkd annotate` would:
// reader, alignment, recipe, weights. Throws Internal when a logit differs from the trained network's.
ExportCheck check_export(const std::string& model_path, const ReferenceOptions& options,
                         const std::vector<Origin>& cells,  // ascending
                         const std::vector<float>& logits,  // [cells x classes], of the network
                         Verbosity verbosity);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/model/model.h"

namespace plkd {

// Softmax of one cell's logits / temperature.
std::vector<float> probabilities(std::span<const float> logits, float temperature);

// -T log sum exp(logits / T): low for cells like the reference, high for cells like none of its types.
float energy(std::span<const float> logits, float temperature);

// Share of held-out reference cells with a lower energy, 0 to 1, interpolated between the quantiles.
float unknown_score(std::span<const float> logits, const Calibration& calibration);

// Fits the temperature (maximum likelihood, clamped to [0.7, 4]) and the energy quantiles on held-out cells:
// logits [cells x classes], label [cells].
Calibration fit_calibration(const std::vector<float>& logits, const std::vector<std::int32_t>& label,
                            std::int64_t classes);

}  // namespace plkd

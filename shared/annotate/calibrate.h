#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/annotate/promise.h"
#include "shared/model/calibration.h"
#include "shared/ontology/ontology.h"

namespace plkd {

// Softmax of one cell's logits / temperature.
std::vector<float> probabilities(std::span<const float> logits, float temperature);

// -T log sum exp(logits / T) at T = 2: low for cells like the reference. For models without a novelty's space.
float energy(std::span<const float> logits);

// Share of held-out reference cells with a lower novelty, 0 to 1, interpolated between the quantiles. The last percent is
// stretched over all energies above, so that cells more unlike the reference than any of its own still differ.
float unknown_score(std::span<const float> latent, std::span<const float> logits, const Calibration& calibration);

struct UnknownScores {
  std::vector<float> displaced;    // [cells], with the types where a query has them: see displace.h
  std::vector<float> undisplaced;  // [cells], where the reference has them
};
// The same of many cells; latent and logits hold one row for each of them.
UnknownScores unknown_scores(std::span<const float> latent, std::span<const float> logits, std::int64_t cells,
                             const Calibration& calibration, const Novelty& displaced);

// Fits a Student's calibration on held-out cells: the temperature (maximum likelihood, clamped to [0.7, 4]) on all views,
// for a query is never as like the reference as these cells are; the novelty's quantiles on the cells as they are, which come
// first; then the promise, for which alone the panels count. `label` [cells].
Calibration fit_calibration(const std::vector<HeldOutView>& views, const std::vector<std::int32_t>& label,
                            std::int64_t classes, const std::vector<BroaderTerm>& broader = {}, const Novelty& novelty = {},
                            const std::vector<PanelView>& panels = {});

}  // namespace plkd

#include "shared/annotate/choose_label.h"

namespace plkd {

ChosenLabel choose_label(std::span<const float> probability, std::int32_t best,
                         const std::vector<BroaderTerm>& broader, float least_probability) {
  const float of_best = probability[static_cast<std::size_t>(best)];
  if (of_best >= least_probability) return {LabelKind::Type, -1, of_best};
  ChosenLabel chosen = {LabelKind::Unknown, -1, of_best};
  std::size_t fewest = 0;
  for (std::size_t term = 0; term < broader.size(); ++term) {
    const std::vector<std::int32_t>& classes = broader[term].classes;
    if (chosen.term >= 0 && classes.size() > fewest) break;  // terms come fewest types first
    if (!broader[term].covers(best)) continue;
    double sum = 0;
    for (const std::int32_t type : classes)
      sum += static_cast<double>(probability[static_cast<std::size_t>(type)]);
    const auto together = static_cast<float>(sum);
    if (together < least_probability || (chosen.term >= 0 && together <= chosen.probability)) continue;
    chosen = {LabelKind::Broader, static_cast<std::int32_t>(term), together};
    fewest = classes.size();
  }
  return chosen;
}

}  // namespace plkd

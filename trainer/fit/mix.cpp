#include "trainer/fit/mix.h"

#include <cstdint>

#include "trainer/data/modalities.h"

namespace plkd {

MixedCells mix(const TrainingPart& part, const Cells& cells, double share) {
  const torch::Tensor expression = part.input(cells);
  const torch::Tensor label = torch::one_hot(part.labels(cells), part.classes).to(torch::kFloat);
  const std::int64_t count = cells.size();
  const torch::Tensor is_mixed = torch::rand({count, 1}) < (is_panel_alone(part.recipe.blocks) ? 0 : share);
  const torch::Tensor of_other = (is_mixed * torch::rand({count, 1}) / 2).to(part.device);
  const torch::Tensor other = torch::randperm(count, torch::kLong).to(part.device);
  return {(1 - of_other) * expression + of_other * expression.index_select(0, other),
          (1 - of_other) * label + of_other * label.index_select(0, other)};
}

}  // namespace plkd

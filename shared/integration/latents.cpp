#include "shared/integration/latents.h"

#include <Eigen/Core>
#include <cstddef>
#include <map>

namespace plkd {

Partition partition_by(const std::vector<std::string>& names) {
  std::map<std::string, std::int32_t> group_of;
  for (const std::string& name : names) group_of[name] = 0;
  Partition partition;
  for (auto& [name, group] : group_of) group = partition.groups++;
  for (const std::string& name : names) partition.group.push_back(group_of[name]);
  return partition;
}

std::vector<float> distances_to_all(const Latents& latents, std::int64_t first, std::int64_t end) {
  const auto width = static_cast<std::size_t>(latents.width);
  const auto cells = static_cast<std::size_t>(latents.cells());
  const auto rows = static_cast<std::size_t>(end - first);
  const auto latent_of = [&](std::size_t cell) {
    return Eigen::Map<const Eigen::VectorXf>(&latents.value[cell * width], static_cast<Eigen::Index>(width));
  };
  std::vector<float> distances(rows * cells);
  for (std::size_t other = 0; other < cells; ++other) {
    for (std::size_t row = 0; row < rows; ++row)
      distances[row * cells + other] =
          (latent_of(static_cast<std::size_t>(first) + row) - latent_of(other)).norm();
  }
  return distances;
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plkd {

// What the Student makes of some cells: its last hidden layer.
struct Latents {
  std::int64_t width = 0;
  std::vector<float> value;  // [cells x width]

  std::int64_t cells() const { return width == 0 ? 0 : static_cast<std::int64_t>(value.size()) / width; }
};

// Which group, a type or a batch, each cell belongs to. Every group has a cell.
struct Partition {
  std::int32_t groups = 0;
  std::vector<std::int32_t> group;  // [cells]

  std::int64_t cells() const { return static_cast<std::int64_t>(group.size()); }
};

// Groups cells by name; groups are numbered by name in alphabetical order.
Partition partition_by(const std::vector<std::string>& names);  // names [cells]

// Euclidean distances of cells [first, end) to every cell. Differences are taken before squaring, so that
// equal cells are at distance 0 and equally far ones tie exactly. O((end - first) cells width).
std::vector<float> distances_to_all(const Latents& latents, std::int64_t first,
                                    std::int64_t end);  // [end - first x cells]

// How many cells to ask of `distances_to_all` at once: enough to reuse what the cache holds, few enough to
// keep memory low.
inline constexpr std::int64_t kDistanceBlock = 16;

}  // namespace plkd

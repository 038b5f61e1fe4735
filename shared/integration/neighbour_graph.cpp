#include "shared/integration/neighbour_graph.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace plkd {

namespace {

// Parts of a graph, joined link by link.
class Parts {
 public:
  explicit Parts(std::size_t cells) : parent_(cells) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t of(std::size_t cell) {
    while (parent_[cell] != cell) cell = parent_[cell] = parent_[parent_[cell]];
    return cell;
  }
  void join(std::size_t a, std::size_t b) { parent_[of(a)] = of(b); }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

Neighbours nearest_neighbours(const Latents& latents, std::int64_t k) {
  const std::int64_t cells = latents.cells();
  Neighbours neighbours;
  neighbours.k = std::clamp<std::int64_t>(k, 0, std::max<std::int64_t>(cells - 1, 0));
  std::vector<std::int32_t> others;
  for (std::int64_t first = 0; first < cells; first += kDistanceBlock) {
    const std::int64_t end = std::min(first + kDistanceBlock, cells);
    const std::vector<float> distances = distances_to_all(latents, first, end);
    for (std::int64_t cell = first; cell < end; ++cell) {
      const float* distance = &distances[static_cast<std::size_t>((cell - first) * cells)];
      others.resize(static_cast<std::size_t>(cells));
      std::iota(others.begin(), others.end(), 0);
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(cell));
      const auto last = others.begin() + static_cast<std::ptrdiff_t>(neighbours.k);
      std::partial_sort(others.begin(), last, others.end(), [&](std::int32_t a, std::int32_t b) {
        return distance[a] != distance[b] ? distance[a] < distance[b] : a < b;
      });
      for (auto other = others.begin(); other != last; ++other) {
        neighbours.cell.push_back(*other);
        neighbours.distance.push_back(distance[*other]);
      }
    }
  }
  return neighbours;
}

double graph_connectivity(const Neighbours& neighbours, const Partition& types, std::int64_t k) {
  const auto cells = static_cast<std::size_t>(types.cells());
  const auto width = static_cast<std::size_t>(neighbours.k);
  const auto links = static_cast<std::size_t>(std::min(k, neighbours.k));
  Parts parts(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t link = 0; link < links; ++link) {
      const auto other = static_cast<std::size_t>(neighbours.cell[cell * width + link]);
      if (types.group[cell] == types.group[other]) parts.join(cell, other);
    }
  }
  // A part is of one type, so the largest part of a type is found among its cells' parts.
  std::vector<std::int64_t> in_part(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) ++in_part[parts.of(cell)];
  std::vector<std::int64_t> in_type(static_cast<std::size_t>(types.groups)), largest(in_type.size());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const auto type = static_cast<std::size_t>(types.group[cell]);
    ++in_type[type];
    largest[type] = std::max(largest[type], in_part[cell]);
  }
  double sum = 0;
  for (std::size_t type = 0; type < in_type.size(); ++type)
    sum += static_cast<double>(largest[type]) / static_cast<double>(in_type[type]);
  return sum / static_cast<double>(types.groups);
}

}  // namespace plkd

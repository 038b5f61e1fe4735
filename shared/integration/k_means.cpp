#include "shared/integration/k_means.h"

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace plkd {

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Cells = Eigen::Map<const Matrix>;  // [cells x width]

// Uniform in [0, 1) the same way with every standard library.
double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1.0p-53; }

// k-means++: each further centre is a cell, drawn in proportion to its squared distance to the nearest centre
// so far. Stops early when every cell is a centre.
Matrix first_centres(const Cells& cells, Eigen::Index groups, std::mt19937_64& rng) {
  Matrix centres(groups, cells.cols());
  Eigen::VectorXd distance = Eigen::VectorXd::Ones(cells.rows());
  Eigen::Index chosen = 0;
  for (; chosen < groups; ++chosen) {
    const double total = distance.sum();
    if (total == 0) break;
    double left = uniform(rng) * total;
    Eigen::Index pick = 0;
    while (pick + 1 < cells.rows() && (left -= distance[pick]) >= 0) ++pick;
    while (distance[pick] == 0) --pick;  // rounding ran past the last cell that may be drawn
    centres.row(chosen) = cells.row(pick);
    const Eigen::VectorXd to_new = (cells.rowwise() - cells.row(pick)).rowwise().squaredNorm().cast<double>();
    distance = chosen == 0 ? to_new : distance.cwiseMin(to_new).eval();
  }
  return centres.topRows(chosen);
}

struct Assignment {
  std::vector<Eigen::Index> centre;  // [cells], ties to the lower centre
  std::vector<float> distance;       // [cells], squared
};

Assignment assign(const Cells& cells, const Matrix& centres) {
  Assignment assignment;
  for (Eigen::Index cell = 0; cell < cells.rows(); ++cell) {
    Eigen::Index best = 0;
    float least = std::numeric_limits<float>::infinity();
    for (Eigen::Index centre = 0; centre < centres.rows(); ++centre) {
      const float distance = (cells.row(cell) - centres.row(centre)).squaredNorm();
      if (distance < least) {
        least = distance;
        best = centre;
      }
    }
    assignment.centre.push_back(best);
    assignment.distance.push_back(least);
  }
  return assignment;
}

// A centre that lost all its cells takes the cell that is worst off.
Matrix means_of(const Cells& cells, Assignment& assignment, Eigen::Index groups) {
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(groups, cells.cols());
  Eigen::VectorXd members = Eigen::VectorXd::Zero(groups);
  for (Eigen::Index cell = 0; cell < cells.rows(); ++cell) {
    const Eigen::Index centre = assignment.centre[static_cast<std::size_t>(cell)];
    sum.row(centre) += cells.row(cell).cast<double>();
    ++members[centre];
  }
  Matrix centres(groups, cells.cols());
  for (Eigen::Index centre = 0; centre < groups; ++centre) {
    if (members[centre] > 0) {
      centres.row(centre) = (sum.row(centre) / members[centre]).cast<float>();
      continue;
    }
    const auto worst = std::max_element(assignment.distance.begin(), assignment.distance.end());
    centres.row(centre) = cells.row(static_cast<Eigen::Index>(worst - assignment.distance.begin()));
    *worst = 0;
  }
  return centres;
}

double inertia_of(const Assignment& assignment) {
  double sum = 0;
  for (const float distance : assignment.distance) sum += static_cast<double>(distance);
  return sum;
}

Assignment settle(const Cells& cells, Matrix centres, int max_rounds) {
  Assignment assignment = assign(cells, centres);
  for (int round = 0; round < max_rounds; ++round) {
    centres = means_of(cells, assignment, centres.rows());
    Assignment next = assign(cells, centres);
    const bool settled = next.centre == assignment.centre;
    assignment = std::move(next);
    if (settled) break;
  }
  return assignment;
}

Partition partition_of(const Assignment& assignment, std::size_t centres) {
  std::vector<std::int32_t> number(centres, -1);
  Partition partition;
  for (const Eigen::Index centre : assignment.centre) {
    std::int32_t& group = number[static_cast<std::size_t>(centre)];
    if (group < 0) group = partition.groups++;
    partition.group.push_back(group);
  }
  return partition;
}

}  // namespace

KMeansResult k_means(const Latents& latents, const KMeansOptions& options) {
  const Cells cells(latents.value.data(), static_cast<Eigen::Index>(latents.cells()),
                    static_cast<Eigen::Index>(latents.width));
  std::mt19937_64 rng(options.seed);
  KMeansResult best;
  best.inertia = std::numeric_limits<double>::infinity();
  for (int restart = 0; restart < options.restarts; ++restart) {
    const Assignment assignment =
        settle(cells, first_centres(cells, options.groups, rng), options.max_rounds);
    const double inertia = inertia_of(assignment);
    if (inertia < best.inertia)
      best = {partition_of(assignment, static_cast<std::size_t>(options.groups)), inertia};
  }
  return best;
}

Latents centres_of(const Latents& latents, const Partition& partition) {
  const auto width = static_cast<std::size_t>(latents.width);
  std::vector<double> sum(static_cast<std::size_t>(partition.groups) * width);
  std::vector<double> members(static_cast<std::size_t>(partition.groups));
  for (std::size_t cell = 0; cell < partition.group.size(); ++cell) {
    const auto group = static_cast<std::size_t>(partition.group[cell]);
    ++members[group];
    for (std::size_t i = 0; i < width; ++i) sum[group * width + i] += static_cast<double>(latents.value[cell * width + i]);
  }
  Latents centres{latents.width, {}};
  for (std::size_t at = 0; at < sum.size(); ++at) centres.value.push_back(static_cast<float>(sum[at] / members[at / width]));
  return centres;
}

std::vector<std::int32_t> nearest_centres(const Latents& latents, const Latents& centres) {
  const auto map_of = [](const Latents& of) {
    return Cells(of.value.data(), static_cast<Eigen::Index>(of.cells()), static_cast<Eigen::Index>(of.width));
  };
  const Assignment assignment = assign(map_of(latents), map_of(centres));
  std::vector<std::int32_t> nearest;
  for (const Eigen::Index centre : assignment.centre) nearest.push_back(static_cast<std::int32_t>(centre));
  return nearest;
}

}  // namespace plkd

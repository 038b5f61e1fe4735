#include "shared/annotate/displace.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "shared/annotate/calibrate.h"
#include "shared/annotate/novelty.h"
#include "shared/annotate/sample_cells.h"

namespace plkd {

namespace {

using Points = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kCellsForHalf = 20;  // of a type's say
constexpr double kTypesForHalf = 2;   // of the whole displacement
constexpr double kMostMoved = 1;      // root mean square per dimension, in which cells of a type scatter by 1
constexpr double kAllowed = 2;        // times the mean square displacement

void add(TypesSeen& seen, const Model& model, const StudentOutput& output, float sure) {
  const Novelty& novelty = model.calibration.novelty;
  const std::size_t classes = model.classes.size();
  const auto width = static_cast<std::size_t>(novelty.width);
  const std::size_t cells = output.logits.size() / classes;
  const std::vector<float> points = whitened(output.latent, output.logits, static_cast<std::int64_t>(cells), novelty);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::span<const float> logits(output.logits.data() + cell * classes, classes);
    const std::vector<float> probability = probabilities(logits, model.calibration.temperature);
    const auto best = std::max_element(probability.begin(), probability.end());
    if (*best < sure) continue;
    const auto type = static_cast<std::size_t>(best - probability.begin());
    const float* const z = points.data() + cell * width;
    for (std::size_t i = 0; i < width; ++i) seen.sum[type * width + i] += static_cast<double>(z[i]);
    ++seen.sure[type];
  }
}

}  // namespace

Novelty displaced(const Novelty& novelty, const TypesSeen& seen) {
  const auto width = static_cast<Eigen::Index>(novelty.width);
  const auto types = static_cast<Eigen::Index>(seen.sure.size());
  using Values = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Points centre = Eigen::Map<const Values>(novelty.centre.data(), types, width).cast<double>();
  const Eigen::Map<const Points> sum(seen.sum.data(), types, width);

  Points moved = Points::Zero(types, width);  // D
  Eigen::VectorXd say = Eigen::VectorXd::Zero(types);
  for (Eigen::Index type = 0; type < types; ++type) {
    const auto cells = static_cast<double>(seen.sure[static_cast<std::size_t>(type)]);
    if (cells == 0) continue;
    moved.row(type) = sum.row(type) / cells - centre.row(type);
    say[type] = cells / (cells + kCellsForHalf);
  }
  const Eigen::RowVectorXd all = say.transpose() * moved;

  Novelty displaced = novelty;
  double squares = 0;  // of the displacements, over all cells
  for (Eigen::Index type = 0; type < types; ++type) {
    const Eigen::RowVectorXd others =
        (all - say[type] * moved.row(type)) / (say.sum() - say[type] + kTypesForHalf);
    const double length = others.squaredNorm();
    if (length == 0) continue;
    Eigen::RowVectorXd step = std::clamp(moved.row(type).dot(others) / length, 0.0, 1.0) * others;
    const double far = std::sqrt(step.squaredNorm() / static_cast<double>(width));
    if (far > kMostMoved) step *= kMostMoved / far;
    for (Eigen::Index i = 0; i < width; ++i)
      displaced.centre[static_cast<std::size_t>(type * width + i)] =
          static_cast<float>(centre(type, i) + step[i]);
    squares += static_cast<double>(seen.sure[static_cast<std::size_t>(type)]) * step.squaredNorm();
  }
  if (seen.cells > 0)
    displaced.allowance =
        static_cast<float>(kAllowed * squares / static_cast<double>(seen.cells * novelty.width));
  return displaced;
}

Novelty displace(Query& query, const Model& model, const std::vector<std::int32_t>& batch,
                 const DisplaceOptions& options) {
  const Novelty& novelty = model.calibration.novelty;
  if (novelty.width == 0) return novelty;
  TypesSeen seen{std::vector<double>(novelty.centre.size()), std::vector<std::int64_t>(model.classes.size()),
                 0};
  for (const CellRange& range : sample_cells(batch, query.cells(), options.cells)) {
    const CountMatrix expression = query.expression(range.first, range.end);
    for (std::int64_t cell = 0; cell < expression.cells(); ++cell)
      seen.cells += expression.row_begin[static_cast<std::size_t>(cell)] <
                    expression.row_begin[static_cast<std::size_t>(cell) + 1];
    add(seen, model, run_student(model.student, expression), options.sure);
  }
  return displaced(novelty, seen);
}

}  // namespace plkd

#include "shared/annotate/novelty.h"

#include "shared/student/kernel.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace plkd {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Latent and logits side by side.
Matrix joined(const std::vector<float>& latent, const std::vector<float>& logits, Eigen::Index cells) {
  using Values = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  const Values a(latent.data(), cells, static_cast<Eigen::Index>(latent.size()) / cells);
  const Values b(logits.data(), cells, static_cast<Eigen::Index>(logits.size()) / cells);
  Matrix both(cells, a.cols() + b.cols());
  both << a.cast<double>(), b.cast<double>();
  return both;
}

Matrix class_means(const Matrix& points, const std::vector<std::int32_t>& label, Eigen::Index classes) {
  Matrix means = Matrix::Zero(classes, points.cols());
  Eigen::VectorXd cells = Eigen::VectorXd::Zero(classes);
  for (Eigen::Index cell = 0; cell < points.rows(); ++cell) {
    const std::int32_t type = label[static_cast<std::size_t>(cell)];
    means.row(type) += points.row(cell);
    ++cells[type];
  }
  for (Eigen::Index type = 0; type < classes; ++type) means.row(type) /= std::max(1.0, cells[type]);
  return means;
}

}  // namespace

// As a layer of the network: the triangle becomes a full matrix, which the kernel's registers like better.
std::vector<float> whitened(std::span<const float> latent, std::span<const float> logits, std::int64_t cells, const Novelty& novelty) {
  const auto width = static_cast<std::size_t>(novelty.width), count = static_cast<std::size_t>(cells);
  std::vector<float> weight(width * width);  // [in x out]
  const float* row = novelty.whitening.data();
  for (std::size_t i = 0; i < width; row += ++i)
    for (std::size_t k = 0; k <= i; ++k) weight[k * width + i] = row[k];
  std::vector<float> point;  // [cells x width]
  point.reserve(count * width);
  for (std::size_t cell = 0; cell < count; ++cell) {
    const auto append = [&](std::span<const float> rows) {
      const std::size_t size = rows.size() / count;
      point.insert(point.end(), rows.data() + cell * size, rows.data() + (cell + 1) * size);
    };
    append(latent);
    append(logits);
  }
  const std::vector<float> no_bias(width);
  std::vector<float> z(count * width);
  best_kernel().run_linear({novelty.width, novelty.width, weight.data(), no_bias.data()}, point.data(), cells, z.data());
  return z;
}

float novelty_of(std::span<const float> latent, std::span<const float> logits, const Novelty& novelty) {
  return novelty_at(whitened(latent, logits, 1, novelty), novelty).front();
}

// All types at a time, each summed in the order of the dimensions.
std::vector<float> novelty_at(std::span<const float> z, const Novelty& novelty) {
  const auto width = static_cast<std::size_t>(novelty.width);
  const std::size_t types = novelty.centre.size() / width;
  std::vector<float> centre(novelty.centre.size());  // [width x types]
  for (std::size_t type = 0; type < types; ++type)
    for (std::size_t i = 0; i < width; ++i) centre[i * types + type] = novelty.centre[type * width + i];
  std::vector<float> squares(types), novelties;
  for (; !z.empty(); z = z.subspan(width)) {
    std::fill(squares.begin(), squares.end(), 0.0F);
    for (std::size_t i = 0; i < width; ++i) {
      const float* const of_types = centre.data() + i * types;
      for (std::size_t type = 0; type < types; ++type) squares[type] += (z[i] - of_types[type]) * (z[i] - of_types[type]);
    }
    const float nearest = *std::min_element(squares.begin(), squares.end());
    novelties.push_back(std::sqrt(std::max(0.0F, nearest / static_cast<float>(width) - novelty.allowance)));
  }
  return novelties;
}

Novelty fit_novelty(const StudentOutput& cells, const StudentOutput& shallow, const std::vector<std::int32_t>& label,
                    std::int64_t classes, const FitNoveltyOptions& options) {
  const auto count = static_cast<Eigen::Index>(label.size());
  const Matrix points = joined(cells.latent, cells.logits, count);
  const Eigen::Index width = points.cols();
  const Matrix means = class_means(points, label, static_cast<Eigen::Index>(classes));
  const auto covariance_of = [&](Matrix around) {
    for (Eigen::Index cell = 0; cell < count; ++cell) around.row(cell) -= means.row(label[static_cast<std::size_t>(cell)]);
    return Matrix(around.transpose() * around / static_cast<double>(count));
  };
  const Matrix covariance = (covariance_of(points) + covariance_of(joined(shallow.latent, shallow.logits, count))) / 2;

  // Dimensions differ in scale, logits most: shrinking is done on correlations.
  const Eigen::VectorXd deviation = covariance.diagonal().cwiseSqrt().cwiseMax(1e-6);
  const Eigen::VectorXd scale = deviation.cwiseInverse();
  Matrix correlation = scale.asDiagonal() * covariance * scale.asDiagonal();
  correlation = (1 - options.shrinkage) * correlation + options.shrinkage * Matrix::Identity(width, width);
  const Matrix lower = correlation.llt().matrixL();
  const Matrix whitening = lower.triangularView<Eigen::Lower>().solve(Matrix(scale.asDiagonal()));
  const Matrix centres = means * whitening.transpose();

  Novelty novelty;
  novelty.width = width;
  for (Eigen::Index i = 0; i < width; ++i)
    for (Eigen::Index k = 0; k <= i; ++k) novelty.whitening.push_back(static_cast<float>(whitening(i, k)));
  for (Eigen::Index type = 0; type < centres.rows(); ++type)
    for (Eigen::Index i = 0; i < width; ++i) novelty.centre.push_back(static_cast<float>(centres(type, i)));
  return novelty;
}

}  // namespace plkd

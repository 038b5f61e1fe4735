#include "shared/annotate/novelty.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

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

std::vector<float> whitened(std::span<const float> latent, std::span<const float> logits, const Novelty& novelty) {
  const auto width = static_cast<std::size_t>(novelty.width);
  std::vector<float> point(latent.begin(), latent.end());
  point.insert(point.end(), logits.begin(), logits.end());
  std::vector<float> z(width);
  const float* row = novelty.whitening.data();
  for (std::size_t i = 0; i < width; row += ++i)
    for (std::size_t k = 0; k <= i; ++k) z[i] += row[k] * point[k];
  return z;
}

float novelty_of(std::span<const float> latent, std::span<const float> logits, const Novelty& novelty) {
  return novelty_at(whitened(latent, logits, novelty), novelty);
}

float novelty_at(std::span<const float> z, const Novelty& novelty) {
  const auto width = static_cast<std::size_t>(novelty.width);
  float nearest = std::numeric_limits<float>::infinity();
  for (std::size_t first = 0; first < novelty.centre.size(); first += width) {
    float squares = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const float apart = z[i] - novelty.centre[first + i];
      squares += apart * apart;
    }
    nearest = std::min(nearest, squares);
  }
  return std::sqrt(std::max(0.0F, nearest / static_cast<float>(width) - novelty.allowance));
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

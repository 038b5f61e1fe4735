#include "shared/explain/welch_test.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plkd {

namespace {

// The continued fraction of the incomplete beta function, by Lentz's method: Press et al. 2007, Numerical Recipes, 6.4.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kEnough = 1e-14;
  constexpr int kMostTerms = 10000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kEnough) break;
  }
  return fraction;
}

// I_x(a, b), with 1 - x given as well because it may be tiny.
double incomplete_beta(double a, double b, double x, double rest) {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const double factor =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(rest));
  if (x < (a + 1) / (a + b + 2)) return factor * beta_fraction(a, b, x) / a;
  return 1 - factor * beta_fraction(b, a, rest) / b;
}

// Probability of a |t| at least as large under Student's distribution.
double two_sided(double t, double degrees) {
  const double scale = degrees + t * t;
  return incomplete_beta(degrees / 2, 0.5, degrees / scale, t * t / scale);
}

}  // namespace

double Moments::variance() const {
  if (cells < 2) return 0;
  return std::max(0.0, (squares - sum * sum / cells) / (cells - 1));
}

WelchTest welch_test(const Moments& first, const Moments& second) {
  if (first.cells < 2 || second.cells < 2) return {};
  const double difference = first.mean() - second.mean();
  const double of_first = first.variance() / first.cells, of_second = second.variance() / second.cells;
  const double error = of_first + of_second;
  if (error == 0) {
    if (difference == 0) return {};
    return {std::copysign(std::numeric_limits<double>::infinity(), difference), 0};
  }
  const double degrees =
      error * error / (of_first * of_first / (first.cells - 1) + of_second * of_second / (second.cells - 1));
  const double t = difference / std::sqrt(error);
  return {t, two_sided(t, degrees)};
}

}  // namespace plkd

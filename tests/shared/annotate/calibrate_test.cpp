#include "shared/annotate/calibrate.h"

#include <cmath>
#include <random>

#include <catch2/catch.hpp>

namespace plkd {

TEST_CASE("probabilities are the softmax of logits over temperature", "[unit]") {
  const std::vector<float> p = probabilities(std::vector<float>{2, 0, -1}, 2);
  const double total = std::exp(1.0) + std::exp(0.0) + std::exp(-0.5);
  CHECK(p[0] == Approx(std::exp(1.0) / total));
  CHECK(p[1] == Approx(1 / total));
  CHECK(p[2] == Approx(std::exp(-0.5) / total));
}

TEST_CASE("probabilities of huge logits stay finite", "[unit]") {
  const std::vector<float> p = probabilities(std::vector<float>{3e4F, -3e4F}, 1);
  CHECK(p[0] == 1);
  CHECK(p[1] == 0);
}

TEST_CASE("the fitted temperature is the one the labels were drawn with", "[property]") {
  constexpr double kTrueTemperature = 2;
  std::mt19937_64 rng(5);
  std::normal_distribution<float> logit(0, 3);
  std::vector<float> logits;
  std::vector<std::int32_t> label;
  for (int cell = 0; cell < 6000; ++cell) {
    const std::vector<float> of_cell = {logit(rng), logit(rng), logit(rng)};
    const std::vector<float> p = probabilities(of_cell, kTrueTemperature);
    std::discrete_distribution<std::int32_t> draw(p.begin(), p.end());
    label.push_back(draw(rng));
    logits.insert(logits.end(), of_cell.begin(), of_cell.end());
  }
  CHECK(fit_calibration({{0, logits}}, label, 3).temperature == Approx(kTrueTemperature).epsilon(0.1));
}

TEST_CASE("the unknown score is the share of held-out cells with a lower novelty", "[unit]") {
  // No space for novelty, one class: the energy is minus the logit.
  std::vector<float> logits;
  for (int cell = 0; cell <= 200; ++cell) logits.push_back(static_cast<float>(cell));
  const Calibration calibration = fit_calibration({{0, logits}}, std::vector<std::int32_t>(201, 0), 1);
  CHECK(unknown_score({}, std::vector<float>{150}, calibration) == Approx(0.25));
  CHECK(unknown_score({}, std::vector<float>{50.5}, calibration) == Approx(0.7475));
  CHECK(unknown_score({}, std::vector<float>{300}, calibration) == 0);
  // Beyond 99 % the score goes on rising, for cells unlike any held-out one, too.
  CHECK(unknown_score({}, std::vector<float>{2}, calibration) == Approx(0.99));
  CHECK(unknown_score({}, std::vector<float>{-1}, calibration) == Approx(1 - 0.01 * std::exp(-3.0 / 98)));
  CHECK(unknown_score({}, std::vector<float>{-500}, calibration) > unknown_score({}, std::vector<float>{-400}, calibration));
}

}  // namespace plkd

#include "shared/explain/welch_test.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace plkd {

namespace {

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) {
    ++moments.cells;
    moments.sum += value;
    moments.squares += value * value;
  }
  return moments;
}

}  // namespace

TEST_CASE("Welch's test agrees with forty digits of mpmath", "[golden]") {
  const WelchTest apart = welch_test(moments_of({1.5, 2, 2.5, 3, 0.5}), moments_of({0, 0.5, 0, 1}));
  CHECK(apart.t == Approx(3.0981369044297984));
  CHECK(apart.p_value == Approx(0.020791303844754993));
  const WelchTest alike = welch_test(moments_of({1, 1.25, 0.75}), moments_of({1, 0.5, 2, 1.5, 0, 1.25}));
  CHECK(alike.t == Approx(-0.12803687993289597));
  CHECK(alike.p_value == Approx(0.90185675925756324));
  std::vector<double> high, low;
  for (int i = 0; i < 40; ++i) high.push_back(8 + 0.25 * (i % 4));
  for (int i = 0; i < 60; ++i) low.push_back(0.5 * (i % 3));
  const WelchTest far = welch_test(moments_of(high), moments_of(low));
  CHECK(far.t == Approx(113.33500246971421));
  CHECK(far.p_value == Approx(1.2215996903555185e-105).epsilon(1e-9));
}

TEST_CASE("cells without scatter differ surely or not at all", "[unit]") {
  const Moments ones = moments_of({1, 1, 1}), zeros = moments_of({0, 0, 0, 0});
  CHECK(welch_test(ones, ones).p_value == 1);
  CHECK(std::isinf(welch_test(ones, zeros).t));
  CHECK(welch_test(ones, zeros).p_value == 0);
  CHECK(welch_test(moments_of({5}), zeros).p_value == 1);
}

}  // namespace plkd

#pragma once

namespace plkd {

// What is kept of the values of some cells to compare their means.
struct Moments {
  double cells = 0;
  double sum = 0;
  double squares = 0;

  double mean() const { return cells > 0 ? sum / cells : 0; }
  double variance() const;  // unbiased; 0 for fewer than two cells
};

// Do two groups of cells differ in their means, without the assumption that they scatter alike? Welch 1947, Biometrika 34:28.
struct WelchTest {
  double t = 0;        // above 0 where the first group's mean is higher; infinite where it is and neither scatters
  double p_value = 1;  // two-sided
};

// Groups of fewer than two cells say nothing.
WelchTest welch_test(const Moments& first, const Moments& second);

}  // namespace plkd

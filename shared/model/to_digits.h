#pragma once

#include <cstdio>
#include <cstdlib>

namespace plkd {

// The number with so many significant digits: what is written to a model file with fewer than a float has must be rounded
// before anything is computed from it, so that file and memory are the same model.
inline double to_digits(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return std::strtod(text, nullptr);
}

}  // namespace plkd

#pragma once

#include <string>
#include <vector>

namespace plkd {

struct Curve {
  std::string name;
  std::vector<double> mean;    // [ticks], 0 to 1
  std::vector<double> spread;  // [ticks], standard deviation, drawn as a band
};

struct Panel {
  std::string title;
  std::vector<double> x;           // [ticks], 0 to 1, ascending
  std::vector<std::string> ticks;  // [ticks]
  std::string axis;
  std::vector<Curve> curves;  // at most six, the same ones in every panel
};

// Panels side by side over one vertical axis, every line named at its end, as an SVG that needs nothing else
// and suits light and dark pages.
std::string draw_curves(const std::string& title, const std::string& vertical,
                        const std::vector<Panel>& panels);

}  // namespace plkd

#include "trainer/bench/curves.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

namespace {

plkd::Panel panel_of(const std::vector<plkd::Curve>& curves) {
  return {"Depth", {0, 0.5, 1}, {"100", "50", "5"}, "% of depth left", curves};
}

// Where the names at the lines' ends stand, by what they say.
double height_of(const std::string& svg, const std::string& name) {
  std::smatch found;
  const std::regex label("y=\"([0-9.]+)\"[^>]*>" + name + "<");
  REQUIRE(std::regex_search(svg, found, label));
  return std::stod(found[1]);
}

}  // namespace

TEST_CASE("a plot names every line at its end, apart from the others", "[unit]") {
  const std::string svg = plkd::draw_curves("Noise", "accuracy in %",
                                            {panel_of({{"one", {0.9, 0.8, 0.5}, {0, 0, 0}},
                                                       {"two", {0.9, 0.7, 0.5}, {0, 0, 0}},
                                                       {"three", {0.9, 0.6, 0.02}, {0, 0, 0}}})});
  CHECK(height_of(svg, "two") - height_of(svg, "one") >= 13);
  CHECK(height_of(svg, "three") > height_of(svg, "two"));
  CHECK(std::count(svg.begin(), svg.end(), '<') == std::count(svg.begin(), svg.end(), '>'));
  CHECK(svg.find("prefers-color-scheme:dark") != std::string::npos);
}

TEST_CASE("a plot draws higher shares higher and leaves nothing to the page around it", "[unit]") {
  const std::string svg =
      plkd::draw_curves("A < B", "accuracy", {panel_of({{"one", {1, 0.5, 0}, {0, 0, 0}}})});
  CHECK(svg.find("A &lt; B") != std::string::npos);
  // From the top of the plot to its bottom.
  CHECK(svg.find("points=\"52.0,76.0 147.0,191.0 242.0,306.0 \"") != std::string::npos);
  CHECK(svg.find("href") == std::string::npos);
}

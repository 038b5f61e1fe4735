#include "trainer/bench/curves.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <sstream>

namespace plkd {
namespace {

constexpr double kPlotWidth = 190, kPlotHeight = 230, kTop = 76, kLeft = 52, kNames = 128, kGap = 26;
constexpr double kLineHeight = 13;

// Told apart also without colour vision, and by both pages.
const char* const kStyle =
    "text{font:11px "
    "system-ui,sans-serif;fill:#374151}.title{font-size:14px;font-weight:600}.panel{font-weight:600}"
    ".grid{stroke:#9ca3af;stroke-opacity:.35}.line{fill:none;stroke-width:2}.band{fill-opacity:.12;stroke:"
    "none}"
    ".c0{stroke:#0072b2;fill:#0072b2}.c1{stroke:#d55e00;fill:#d55e00}.c2{stroke:#009e73;fill:#009e73}"
    ".c3{stroke:#8f5fa8;fill:#8f5fa8}.c4{stroke:#8a6d00;fill:#8a6d00}.c5{stroke:#6b7280;fill:#6b7280}"
    "text.c0,text.c1,text.c2,text.c3,text.c4,text.c5{stroke:none}polyline.line{fill:none}polygon.band{stroke:"
    "none}"
    "@media(prefers-color-scheme:dark){text{fill:#d1d5db}.c0{stroke:#56b4e9;fill:#56b4e9}.c1{stroke:#f0894a;"
    "fill:#f0894a}"
    ".c2{stroke:#35c79b;fill:#35c79b}.c3{stroke:#c79fdc;fill:#c79fdc}.c4{stroke:#e0c341;fill:#e0c341}}";

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string whole_percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", 100 * share);
  return text;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '&')
      safe += "&amp;";
    else if (letter == '<')
      safe += "&lt;";
    else
      safe += letter;
  }
  return safe;
}

double y_of(double value) { return kTop + (1 - std::clamp(value, 0.0, 1.0)) * kPlotHeight; }

std::string text(double x, double y, const std::string& anchor, const std::string& kind,
                 const std::string& content) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" class=\"" +
         kind + "\">" + escaped(content) + "</text>\n";
}

// Where the curves' names go: at their ends, moved apart so that none covers another.
std::vector<double> name_places(const std::vector<Curve>& curves) {
  std::vector<std::size_t> order(curves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return curves[a].mean.back() > curves[b].mean.back();
  });
  std::vector<double> place(curves.size());
  const double lowest = kTop + kPlotHeight + 4;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double wanted = y_of(curves[order[i]].mean.back()) + 4;
    place[order[i]] = i == 0 ? wanted : std::max(wanted, place[order[i - 1]] + kLineHeight);
  }
  double limit = lowest;
  for (std::size_t i = order.size(); i-- > 0; limit -= kLineHeight)
    place[order[i]] = std::min(place[order[i]], limit);
  return place;
}

std::string draw(const Curve& curve, const Panel& panel, double left, const std::string& colour) {
  std::ostringstream line, upper, lower;
  for (std::size_t i = 0; i < panel.x.size(); ++i) {
    const std::string x = number(left + panel.x[i] * kPlotWidth);
    line << x << ',' << number(y_of(curve.mean[i])) << ' ';
    upper << x << ',' << number(y_of(curve.mean[i] + curve.spread[i])) << ' ';
    const std::size_t back = panel.x.size() - 1 - i;
    lower << number(left + panel.x[back] * kPlotWidth) << ','
          << number(y_of(curve.mean[back] - curve.spread[back])) << ' ';
  }
  return "<polygon class=\"band " + colour + "\" points=\"" + upper.str() + lower.str() +
         "\"/>\n<polyline class=\"line " + colour + "\" points=\"" + line.str() + "\"/>\n";
}

std::string draw(const Panel& panel, double left) {
  std::string svg = text(left, kTop - 14, "start", "panel", panel.title);
  for (const double level : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const std::string y = number(y_of(level));
    svg += "<line class=\"grid\" x1=\"" + number(left) + "\" x2=\"" + number(left + kPlotWidth) + "\" y1=\"" +
           y + "\" y2=\"" + y + "\"/>\n";
  }
  for (std::size_t i = 0; i < panel.x.size(); ++i) {
    svg += text(left + panel.x[i] * kPlotWidth, kTop + kPlotHeight + 18, "middle", "tick", panel.ticks[i]);
  }
  svg += text(left + kPlotWidth / 2, kTop + kPlotHeight + 38, "middle", "axis", panel.axis);
  const std::vector<double> places = name_places(panel.curves);
  for (std::size_t c = 0; c < panel.curves.size(); ++c) {
    const std::string colour = {'c', static_cast<char>('0' + c)};
    svg += draw(panel.curves[c], panel, left, colour);
    svg += text(left + kPlotWidth + 6, places[c], "start", colour, panel.curves[c].name);
  }
  return svg;
}

}  // namespace

std::string draw_curves(const std::string& title, const std::string& vertical,
                        const std::vector<Panel>& panels) {
  const double step = kPlotWidth + kNames + kGap;
  const double width = kLeft + step * static_cast<double>(panels.size());
  const double height = kTop + kPlotHeight + 52;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + " " +
                    number(height) + "\" role=\"img\" aria-label=\"" + escaped(title) + "\">\n<style>" +
                    kStyle + "</style>\n";
  svg += text(kLeft, 20, "start", "title", title);
  svg += text(kLeft, 34, "start", "axis", vertical);
  for (const double level : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    svg += text(kLeft - 8, y_of(level) + 4, "end", "tick", whole_percent(level));
  }
  for (std::size_t p = 0; p < panels.size(); ++p)
    svg += draw(panels[p], kLeft + step * static_cast<double>(p));
  return svg + "</svg>\n";
}

}  // namespace plkd

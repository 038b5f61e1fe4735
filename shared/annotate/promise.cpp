#include "shared/annotate/promise.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "shared/annotate/calibrate.h"
#include "shared/annotate/choose_label.h"

namespace plkd {

namespace {

constexpr double kTargets[] = {0.01, 0.02, 0.05, 0.1, 0.2};
// A query as far from the reference as held-out cells are by chance is not called shifted.
constexpr double kClearShift = 0.05;

struct Cell {
  std::vector<float> probability;  // [classes]
  std::int32_t best = 0;
  float unknown_score = 0;
};

std::vector<Cell> cells_of(const HeldOutView& view, std::int64_t classes, const Calibration& calibration) {
  std::vector<Cell> cells(static_cast<std::size_t>(view.cells(classes)));
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const auto at = static_cast<std::int64_t>(cell);
    const std::span<const float> logits = view.logits_of(at, classes);
    cells[cell].probability = probabilities(logits, calibration.temperature);
    cells[cell].best =
        static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    cells[cell].unknown_score = unknown_score(view.latent_of(at, classes), logits, calibration);
  }
  return cells;
}

struct Tally {
  std::int64_t types = 0;
  std::int64_t broader = 0;
  std::int64_t wrong = 0;

  std::int64_t given() const { return types + broader; }
  // One more wrong label than was seen: for cells exchangeable with these, the next label included, as in
  // conformal risk control (Angelopoulos et al. 2022, eq. 4, for a loss of at most 1).
  double error() const { return static_cast<double>(wrong + 1) / static_cast<double>(given() + 1); }
};

Tally tally(const std::vector<Cell>& cells, const std::vector<std::int32_t>& label,
            const Calibration& calibration, const std::vector<BroaderTerm>& broader,
            float least_probability) {
  Tally tally;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    if (cells[cell].unknown_score > calibration.unknown_above) continue;
    const ChosenLabel chosen =
        choose_label(cells[cell].probability, cells[cell].best, broader, least_probability);
    if (chosen.kind == LabelKind::Unknown) continue;
    const std::int32_t truth = label[cell % label.size()];
    const bool is_broader = chosen.kind == LabelKind::Broader;
    const bool is_right =
        is_broader ? broader[static_cast<std::size_t>(chosen.term)].covers(truth) : cells[cell].best == truth;
    ++(is_broader ? tally.broader : tally.types);
    tally.wrong += !is_right;
  }
  return tally;
}

// From "every cell its type" upwards; finer where errors are rare.
std::vector<float> probabilities_to_try() {
  std::vector<float> tried = {0};
  for (int percent = 20; percent < 90; ++percent) tried.push_back(static_cast<float>(percent) / 100);
  for (int thousandth = 900; thousandth < 1000; thousandth += 2)
    tried.push_back(static_cast<float>(thousandth) / 1000);
  return tried;
}

double log_odds(double shift) {
  const double inside = std::clamp(shift, 0.001, 0.999);  // as exact as a model file is
  return std::log(inside / (1 - inside));
}

double from_log_odds(double odds) { return 1 / (1 + std::exp(-odds)); }

// Between the points around `at`, by `x_of` ascending; beyond the ends the end.
template <typename Point, typename X, typename Y>
double interpolated(const std::vector<Point>& points, double at, X x_of, Y y_of) {
  double y = y_of(points.front());
  for (std::size_t k = 1; k < points.size(); ++k) {
    const double before = x_of(points[k - 1]), width = x_of(points[k]) - before;
    const double part = width > 0 ? std::clamp((at - before) / width, 0.0, 1.0) : (at >= x_of(points[k]));
    y += part * (y_of(points[k]) - y_of(points[k - 1]));
  }
  return y;
}

double error_at_shift(const Promise& promise, double shift, std::size_t setting) {
  return interpolated(promise.shifts, shift, [](const ShiftPoint& point) { return point.shift; },
                      [&](const ShiftPoint& point) { return point.error[setting]; });
}

// Shift and errors of a view at every setting, no less than those of the point before: a stronger corruption that happens to look or
// do better must not talk a query's errors down.
template <typename Point>
Point never_below(Point point, const std::vector<Point>& before) {
  if (before.empty()) return point;
  point.shift = std::max(point.shift, before.back().shift);
  for (std::size_t k = 0; k < point.error.size(); ++k) point.error[k] = std::max(point.error[k], before.back().error[k]);
  return point;
}

double shift_of(const std::vector<Cell>& cells) {
  ShiftMeter meter;
  std::vector<float> scores;
  for (const Cell& cell : cells) scores.push_back(cell.unknown_score);
  meter.add(scores);
  return meter.shift();
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, share < 0.00995 ? "%.1f %%" : "%.0f %%", 100 * share);
  return text;
}

}  // namespace

Promise fit_promise(const std::vector<HeldOutView>& views, const std::vector<std::int32_t>& label,
                    std::int64_t classes, const Calibration& calibration,
                    const std::vector<BroaderTerm>& broader, const std::vector<PanelView>& panels) {
  Promise promise;
  promise.cells = static_cast<std::int64_t>(label.size());
  const std::vector<Cell> clean = cells_of(views.front(), classes, calibration);
  const std::vector<float> tried = probabilities_to_try();
  for (const double target : kTargets) {
    for (const float least : tried) {
      const Tally found = tally(clean, label, calibration, broader, least);
      if (found.error() > target) continue;
      const auto cells = static_cast<double>(label.size());
      promise.settings.push_back({target, least, found.error(), static_cast<double>(found.given()) / cells,
                                  static_cast<double>(found.broader) / cells});
      break;
    }
  }
  const auto errors_of = [&](const std::vector<Cell>& cells) {
    std::vector<double> errors;
    for (const PromiseSetting& setting : promise.settings)
      errors.push_back(tally(cells, label, calibration, broader, setting.least_probability).error());
    return errors;
  };
  for (const HeldOutView& view : views) {
    if (view.strength > kMostPromised) continue;
    const std::vector<Cell> cells = cells_of(view, classes, calibration);
    promise.shifts.push_back(never_below(ShiftPoint{shift_of(cells), errors_of(cells)}, promise.shifts));
  }
  for (const PanelView& panel : panels) {
    const std::vector<Cell> cells = cells_of(panel.cells, classes, calibration);
    promise.panels.push_back(never_below(PanelPoint{panel.genes, shift_of(cells), errors_of(cells)}, promise.panels));
  }
  return promise;
}

PromiseSetting setting_for(const Promise& promise, double error_rate) {
  if (promise.settings.empty()) return {};
  PromiseSetting chosen = promise.settings.front();
  for (const PromiseSetting& setting : promise.settings)
    if (setting.target <= error_rate + 1e-9) chosen = setting;
  return chosen;
}

void ShiftMeter::add(const std::vector<float>& unknown_score) {
  for (const float score : unknown_score) {
    sum_ += static_cast<double>(score);
    beyond_95_ += score > 0.95F;
  }
  cells_ += static_cast<std::int64_t>(unknown_score.size());
}

double ShiftMeter::shift() const { return cells_ == 0 ? 0 : sum_ / static_cast<double>(cells_); }

double ShiftMeter::beyond_95() const {
  return cells_ == 0 ? 0 : static_cast<double>(beyond_95_) / static_cast<double>(cells_);
}

ExpectedError expected_error(const Promise& promise, double error_rate, double shift, double genes_found) {
  ExpectedError expected;
  expected.setting = setting_for(promise, error_rate);
  expected.shift = shift;
  if (promise.settings.empty()) return expected;
  std::size_t at = 0;
  while (promise.settings[at].target < expected.setting.target) ++at;
  const double like = promise.shifts.front().shift, most = promise.shifts.back().shift;
  const bool was_tried = shift <= most;
  const double by_shift = error_at_shift(promise, shift, at);
  if (promise.panels.empty()) {
    expected.is_shifted = shift > like + kClearShift;
    expected.is_promised = was_tried || !expected.is_shifted;
    expected.error = by_shift;
    return expected;
  }
  const auto share_missing = [](const PanelPoint& panel) { return 1 - panel.genes; };
  const double missing = 1 - genes_found;
  const double of_panel = interpolated(promise.panels, missing, share_missing, [](const PanelPoint& panel) { return panel.shift; });
  const double by_panel = interpolated(promise.panels, missing, share_missing, [&](const PanelPoint& panel) { return panel.error[at]; });
  // The shift that is left when missing genes are made good.
  const double beside = std::max(like, from_log_odds(log_odds(like) + log_odds(shift) - log_odds(of_panel)));
  const double by_both = by_panel + error_at_shift(promise, beside, at) - promise.shifts.front().error[at];
  expected.genes_missing = missing;
  expected.is_shifted = beside > like + kClearShift;
  const bool panel_was_tried = missing <= share_missing(promise.panels.back());
  // Missing genes may explain a whole shift; of a part they would promise too much. TEA-seq on the blood model, 46 % missing: 11 % expected, 23 % wrong.
  expected.is_promised = was_tried || (panel_was_tried && !expected.is_shifted);
  // Where both ways tell, the one that promises less is believed.
  expected.error = was_tried ? std::max(by_shift, by_both) : by_both;
  return expected;
}

std::string statement(const ExpectedError& expected, double beyond_95) {
  if (expected.setting.target <= 0) return "this model promises no error rate: it had too few held-out cells";
  constexpr double kWorthSaying = 0.05;
  const std::string like = "about " + percent(expected.setting.error) + " of given labels are wrong on cells like the reference";
  const bool lacks_genes = expected.genes_missing > kWorthSaying;
  const std::string missing = lacks_genes ? percent(expected.genes_missing) + " of what the model takes is missing here" : "";
  const std::string shifted =
      expected.is_shifted ? "these cells are shifted (" + percent(beyond_95) + " lie beyond the 95th percentile of the reference)" : "";
  if (!expected.is_shifted && !lacks_genes) return like + "; these cells look like the reference";
  const std::string why = "; " + shifted + (expected.is_shifted && lacks_genes ? ", and " : "") + missing;
  if (!expected.is_promised) return like + why + ", more than the model was tried on: nothing is promised";
  return like + why + ": expect at least " + percent(expected.error);
}

}  // namespace plkd

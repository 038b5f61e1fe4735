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
                    const std::vector<BroaderTerm>& broader) {
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
  for (const HeldOutView& view : views) {
    if (view.strength > kMostPromised) continue;
    const std::vector<Cell> cells = cells_of(view, classes, calibration);
    ShiftPoint point{shift_of(cells), {}};
    for (const PromiseSetting& setting : promise.settings)
      point.error.push_back(tally(cells, label, calibration, broader, setting.least_probability).error());
    // A stronger corruption that happens to look or do better must not talk a query's errors down.
    if (!promise.shifts.empty()) {
      const ShiftPoint& before = promise.shifts.back();
      point.shift = std::max(point.shift, before.shift);
      for (std::size_t k = 0; k < point.error.size(); ++k)
        point.error[k] = std::max(point.error[k], before.error[k]);
    }
    promise.shifts.push_back(point);
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

ExpectedError expected_error(const Promise& promise, double error_rate, double shift) {
  ExpectedError expected;
  expected.setting = setting_for(promise, error_rate);
  expected.shift = shift;
  if (promise.settings.empty()) return expected;
  std::size_t at = 0;
  while (promise.settings[at].target < expected.setting.target) ++at;
  const std::vector<ShiftPoint>& points = promise.shifts;
  expected.is_shifted = shift > points.front().shift + kClearShift;
  expected.is_promised = shift <= points.back().shift || !expected.is_shifted;
  expected.error = points.front().error[at];
  for (std::size_t k = 1; k < points.size(); ++k) {
    const double width = points[k].shift - points[k - 1].shift;
    const double part =
        width > 0 ? std::clamp((shift - points[k - 1].shift) / width, 0.0, 1.0) : (shift >= points[k].shift);
    expected.error += part * (points[k].error[at] - points[k - 1].error[at]);
  }
  return expected;
}

std::string statement(const ExpectedError& expected, double beyond_95) {
  if (expected.setting.target <= 0) return "this model promises no error rate: it had too few held-out cells";
  const std::string like =
      "about " + percent(expected.setting.error) + " of given labels are wrong on cells like the reference";
  if (!expected.is_shifted) return like + "; these cells look like the reference";
  const std::string shifted = "; these cells are shifted (" + percent(beyond_95) +
                              " lie beyond the 95th percentile of the reference)";
  if (!expected.is_promised)
    return like + shifted + ", more than any cells the model was tried on: nothing is promised";
  return like + shifted + ": expect at least " + percent(expected.error);
}

}  // namespace plkd

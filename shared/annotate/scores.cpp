#include "shared/annotate/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace plkd {

namespace {

using nlohmann::json;

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Mann-Whitney: the chance that an unseen cell scores above a known one, ties counting half.
double auroc(const std::vector<float>& known, const std::vector<float>& unseen) {
  if (known.empty() || unseen.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<float> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  double wins = 0;
  for (const float score : unseen) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    wins += static_cast<double>(low - sorted.begin()) + 0.5 * static_cast<double>(high - low);
  }
  return wins / (static_cast<double>(known.size()) * static_cast<double>(unseen.size()));
}

// The share of known cells at or above the highest threshold that still finds 95 % of the unseen ones.
double fpr_at_95_tpr(const std::vector<float>& known, const std::vector<float>& unseen) {
  if (known.empty() || unseen.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<float> sorted = unseen;
  std::sort(sorted.begin(), sorted.end());
  const float threshold = sorted[sorted.size() / 20];  // so many may be missed
  return ratio(std::count_if(known.begin(), known.end(), [&](float score) { return score >= threshold; }),
               static_cast<std::int64_t>(known.size()));
}

json number(double value) { return std::isnan(value) ? json(nullptr) : json(value); }

}  // namespace

void Scorer::add(const Annotations& annotations, const std::vector<std::string>& truth) {
  std::map<std::string, std::int32_t> class_of;
  for (std::size_t label = 0; label < model_.classes.size(); ++label)
    if (options_.is_possible.empty() || options_.is_possible[label])
      class_of[model_.classes[label].name] = static_cast<std::int32_t>(label);
  for (std::size_t cell = 0; cell < truth.size(); ++cell) {
    if (truth[cell].empty()) continue;
    meter_.add({annotations.undisplaced_score[cell]});
    const LabelKind kind = annotations.kind[cell];
    const auto found = class_of.find(truth[cell]);
    if (found == class_of.end()) {
      labelled_unseen_ += kind != LabelKind::Unknown;
      score_of_unseen_.push_back(annotations.unknown_score[cell]);
      continue;
    }
    const bool is_right = kind == LabelKind::Broader
                              ? model_.broader[static_cast<std::size_t>(annotations.term[cell])].covers(found->second)
                              : annotations.best[cell] == found->second;
    known_.push_back({found->second, annotations.best[cell], kind, is_right, annotations.probability[cell],
                      annotations.unknown_score[cell]});
  }
}

void Scorer::count_labels(Scores& scores) const {
  std::int64_t types = 0, broader = 0, right = 0;
  std::vector<float> score_of_known;
  for (const KnownCell& cell : known_) {
    types += cell.kind == LabelKind::Type;
    broader += cell.kind == LabelKind::Broader;
    right += cell.kind != LabelKind::Unknown && cell.is_right;
    score_of_known.push_back(cell.unknown_score);
  }
  const std::int64_t given = types + broader;
  scores.coverage = ratio(given, scores.cells_known);
  scores.coverage_types = ratio(types, scores.cells_known);
  scores.coverage_broader = ratio(broader, scores.cells_known);
  scores.accuracy_at_coverage = ratio(right, given);
  scores.observed_error = ratio(given - right, given);
  scores.observed_error_with_unseen = ratio(given - right + labelled_unseen_, given + labelled_unseen_);
  scores.unknown_auroc = auroc(score_of_known, score_of_unseen_);
  scores.fpr_at_95_tpr = fpr_at_95_tpr(score_of_known, score_of_unseen_);

  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  const Promise& promise = model_.calibration.promise;
  const ExpectedError expected = expected_error(promise, options_.error_rate, meter_.shift(), genes_found_);
  scores.promised_error = promise.settings.empty() ? kNothing : expected.setting.error;
  scores.shift = meter_.shift();
  scores.beyond_95 = meter_.beyond_95();
  scores.expected_error_at_shift = expected.is_promised ? expected.error : kNothing;
}

void Scorer::score_types(Scores& scores) const {
  const std::size_t classes = model_.classes.size();
  std::vector<std::vector<std::int64_t>> confusion(classes, std::vector<std::int64_t>(classes));
  std::int64_t right = 0;
  for (const KnownCell& cell : known_) {
    ++confusion[static_cast<std::size_t>(cell.truth)][static_cast<std::size_t>(cell.best)];
    right += cell.truth == cell.best;
  }
  scores.accuracy = ratio(right, scores.cells_known);
  for (std::size_t label = 0; label < classes; ++label) {
    const std::int64_t cells = std::accumulate(confusion[label].begin(), confusion[label].end(), std::int64_t{0});
    if (cells == 0) continue;
    std::int64_t given = 0;
    for (std::size_t truth = 0; truth < classes; ++truth) given += confusion[truth][label];
    const std::int64_t hits = confusion[label][label];
    scores.per_class.push_back(
        {model_.classes[label].name, cells, ratio(hits, given), ratio(hits, cells), ratio(2 * hits, given + cells)});
    scores.confusion.push_back(confusion[label]);
    scores.macro_f1 += scores.per_class.back().f1;
    scores.balanced_accuracy += scores.per_class.back().recall;
  }
  if (scores.per_class.empty()) return;
  scores.macro_f1 /= static_cast<double>(scores.per_class.size());
  scores.balanced_accuracy /= static_cast<double>(scores.per_class.size());
}

void Scorer::score_probabilities(Scores& scores) const {
  scores.reliability.resize(kReliabilityBins);
  for (const KnownCell& cell : known_) {
    const int bin = std::min(static_cast<int>(cell.probability * kReliabilityBins), kReliabilityBins - 1);
    ReliabilityBin& of_cell = scores.reliability[static_cast<std::size_t>(bin)];
    of_cell.probability += static_cast<double>(cell.probability);
    of_cell.accuracy += cell.truth == cell.best;
    ++of_cell.cells;
  }
  for (ReliabilityBin& bin : scores.reliability) {
    if (bin.cells == 0) continue;
    bin.probability /= static_cast<double>(bin.cells);
    bin.accuracy /= static_cast<double>(bin.cells);
    scores.ece += std::fabs(bin.probability - bin.accuracy) * ratio(bin.cells, scores.cells_known);
  }
}

Scores Scorer::scores() const {
  Scores scores;
  scores.cells_known = static_cast<std::int64_t>(known_.size());
  scores.cells = scores.cells_known + static_cast<std::int64_t>(score_of_unseen_.size());
  count_labels(scores);
  score_types(scores);
  score_probabilities(scores);
  return scores;
}

json to_json(const Scores& scores, const Model& model) {
  json per_class = json::object();
  json confusion = json::object();
  for (std::size_t type = 0; type < scores.per_class.size(); ++type) {
    const ClassScore& of_type = scores.per_class[type];
    per_class[of_type.name] = {{"cells", of_type.cells},
                               {"precision", of_type.precision},
                               {"recall", of_type.recall},
                               {"f1", of_type.f1}};
    for (std::size_t label = 0; label < model.classes.size(); ++label)
      confusion[of_type.name][model.classes[label].name] = scores.confusion[type][label];
  }
  json reliability = json::array();
  for (const ReliabilityBin& bin : scores.reliability)
    reliability.push_back({{"probability", bin.probability}, {"accuracy", bin.accuracy}, {"cells", bin.cells}});
  return {{"cells", scores.cells},
          {"cells_known", scores.cells_known},
          {"accuracy", scores.accuracy},
          {"macro_f1", scores.macro_f1},
          {"balanced_accuracy", scores.balanced_accuracy},
          {"ece", scores.ece},
          {"reliability", reliability},
          {"coverage", scores.coverage},
          {"coverage_types", scores.coverage_types},
          {"coverage_broader", scores.coverage_broader},
          {"accuracy_at_coverage", scores.accuracy_at_coverage},
          {"promised_error", number(scores.promised_error)},
          {"shift", scores.shift},
          {"beyond_95", scores.beyond_95},
          {"expected_error_at_shift", number(scores.expected_error_at_shift)},
          {"observed_error", scores.observed_error},
          {"observed_error_with_unseen", scores.observed_error_with_unseen},
          {"unknown_auroc", number(scores.unknown_auroc)},
          {"fpr_at_95_tpr", number(scores.fpr_at_95_tpr)},
          {"per_class", per_class},
          {"confusion", confusion}};
}

}  // namespace plkd

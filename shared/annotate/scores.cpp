#include "shared/annotate/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace plkd {

namespace {

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

}  // namespace

void Scorer::add(const Annotations& annotations, const std::vector<std::string>& truth) {
  std::map<std::string, std::int32_t> class_of;
  for (std::size_t label = 0; label < model_.classes.size(); ++label)
    class_of[model_.classes[label].name] = static_cast<std::int32_t>(label);
  for (std::size_t cell = 0; cell < truth.size(); ++cell) {
    if (truth[cell].empty()) continue;
    const auto found = class_of.find(truth[cell]);
    if (found == class_of.end()) {
      ++unseen_;
      score_of_unseen_.push_back(annotations.unknown_score[cell]);
      continue;
    }
    truth_.push_back(found->second);
    best_.push_back(annotations.best[cell]);
    is_unknown_.push_back(annotations.is_unknown[cell]);
    score_of_known_.push_back(annotations.unknown_score[cell]);
  }
}

Scores Scorer::scores() const {
  const std::size_t classes = model_.classes.size();
  std::vector<std::vector<std::int64_t>> confusion(classes, std::vector<std::int64_t>(classes));
  std::int64_t right = 0, labelled = 0, right_and_labelled = 0;
  for (std::size_t cell = 0; cell < truth_.size(); ++cell) {
    ++confusion[static_cast<std::size_t>(truth_[cell])][static_cast<std::size_t>(best_[cell])];
    const bool is_right = truth_[cell] == best_[cell];
    right += is_right;
    labelled += !is_unknown_[cell];
    right_and_labelled += is_right && !is_unknown_[cell];
  }

  Scores scores;
  scores.cells_known = static_cast<std::int64_t>(truth_.size());
  scores.cells = scores.cells_known + unseen_;
  scores.accuracy = ratio(right, scores.cells_known);
  scores.coverage = ratio(labelled, scores.cells_known);
  scores.accuracy_at_coverage = ratio(right_and_labelled, labelled);
  scores.unknown_auroc = auroc(score_of_known_, score_of_unseen_);
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
  if (!scores.per_class.empty()) {
    scores.macro_f1 /= static_cast<double>(scores.per_class.size());
    scores.balanced_accuracy /= static_cast<double>(scores.per_class.size());
  }
  return scores;
}

nlohmann::json to_json(const Scores& scores, const Model& model) {
  nlohmann::json per_class = nlohmann::json::object();
  nlohmann::json confusion = nlohmann::json::object();
  for (std::size_t type = 0; type < scores.per_class.size(); ++type) {
    const ClassScore& of_type = scores.per_class[type];
    per_class[of_type.name] = {{"cells", of_type.cells},
                               {"precision", of_type.precision},
                               {"recall", of_type.recall},
                               {"f1", of_type.f1}};
    for (std::size_t label = 0; label < model.classes.size(); ++label)
      confusion[of_type.name][model.classes[label].name] = scores.confusion[type][label];
  }
  return {{"cells", scores.cells},
          {"cells_known", scores.cells_known},
          {"accuracy", scores.accuracy},
          {"macro_f1", scores.macro_f1},
          {"balanced_accuracy", scores.balanced_accuracy},
          {"coverage", scores.coverage},
          {"accuracy_at_coverage", scores.accuracy_at_coverage},
          {"unknown_auroc",
           std::isnan(scores.unknown_auroc) ? nlohmann::json(nullptr) : nlohmann::json(scores.unknown_auroc)},
          {"per_class", per_class},
          {"confusion", confusion}};
}

}  // namespace plkd

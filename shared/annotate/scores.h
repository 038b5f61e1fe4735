#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/model/model.h"

namespace plkd {

struct ClassScore {
  std::string name;
  std::int64_t cells = 0;  // whose true label is this
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

// Cells whose best probability falls into one of kReliabilityBins bins of equal width.
struct ReliabilityBin {
  double probability = 0;  // mean
  double accuracy = 0;
  std::int64_t cells = 0;
};
constexpr int kReliabilityBins = 15;

// How well labels agree with the truth. Known cells are those whose true label the model has (and may give: DecideOptions::is_possible). Accuracy, macro F1, balanced
// accuracy, ECE and reliability are over the known cells, each with its best type; the macro means are over the types that
// occur among them.
struct Scores {
  std::int64_t cells = 0;
  std::int64_t cells_known = 0;
  double accuracy = 0;
  double macro_f1 = 0;
  double balanced_accuracy = 0;
  // Expected calibration error (Guo et al. 2017): mean difference of probability and accuracy over the bins.
  double ece = 0;
  std::vector<ReliabilityBin> reliability;  // [kReliabilityBins], by probability

  double coverage = 0;          // share of known cells that got a label: a type or a broader term
  double coverage_types = 0;    // ... a type
  double coverage_broader = 0;  // ... a broader term
  double accuracy_at_coverage = 0;  // share of these labels that are right; a broader one is when it covers the true type

  double promised_error = 0;  // what the model promises for cells like its reference; NaN when it promises nothing
  double shift = 0;           // how unlike the reference all cells look, and
  double beyond_95 = 0;       // the share beyond its 95th percentile
  double expected_error_at_shift = 0;  // NaN when nothing is promised at this shift
  double observed_error = 0;           // 1 - accuracy at coverage
  double observed_error_with_unseen = 0;  // the same over all cells: a label given to a cell of an unseen type is wrong

  // The unknown score, cells of types the model lacks against known cells; NaN without such cells.
  double unknown_auroc = 0;
  double fpr_at_95_tpr = 0;  // share of known cells called unknown at the threshold that finds 95 % of the others

  std::vector<ClassScore> per_class;  // types that occur, in the model's order
  // confusion[t][c]: known cells of type per_class[t] whose best label is class c.
  std::vector<std::vector<std::int64_t>> confusion;
};

// Collects cells as they are annotated, then scores them.
class Scorer {
 public:
  // `options` as given to annotate: they say which promise is meant.
  // `genes_found`: share of the model's genes that the cells have.
  explicit Scorer(const Model& model, const DecideOptions& options = {}, double genes_found = 1)
      : model_(model), options_(options), genes_found_(genes_found) {}

  // `truth` [cells] holds the true labels' names; an empty name is a cell without label and is left out.
  void add(const Annotations& annotations, const std::vector<std::string>& truth);
  Scores scores() const;

 private:
  struct KnownCell {
    std::int32_t truth = 0;  // class
    std::int32_t best = 0;   // class
    LabelKind kind = LabelKind::Type;
    bool is_right = false;  // its label, type or broader
    float probability = 0;  // of best
    float unknown_score = 0;
  };
  void count_labels(Scores& scores) const;
  void score_types(Scores& scores) const;
  void score_probabilities(Scores& scores) const;

  const Model& model_;
  DecideOptions options_;
  double genes_found_;
  std::vector<KnownCell> known_;
  std::vector<float> score_of_unseen_;
  std::int64_t labelled_unseen_ = 0;
  ShiftMeter meter_;
};

// The report of `plkd evaluate --json`: the members above under their names, `per_class` by type, `confusion` by true and
// then given label. NaN becomes null.
nlohmann::json to_json(const Scores& scores, const Model& model);

}  // namespace plkd

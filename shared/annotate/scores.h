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

// How well labels agree with the truth. Accuracy, macro F1 and balanced accuracy are over the cells whose true label the
// model has, with every cell labelled; the macro means are over the types that occur among those cells.
struct Scores {
  std::int64_t cells = 0;
  std::int64_t cells_known = 0;
  double accuracy = 0;
  double macro_f1 = 0;
  double balanced_accuracy = 0;
  double coverage = 0;              // share of known cells that were not called unknown
  double accuracy_at_coverage = 0;  // accuracy over those
  // Area under the ROC curve of the unknown score, cells of types the model lacks against known cells; NaN without such cells.
  double unknown_auroc = 0;
  std::vector<ClassScore> per_class;  // types that occur, in the model's order
  // confusion[t][c]: known cells of type per_class[t] whose best label is class c.
  std::vector<std::vector<std::int64_t>> confusion;
};

// Collects cells as they are annotated, then scores them.
class Scorer {
 public:
  explicit Scorer(const Model& model) : model_(model) {}

  // `truth` [cells] holds the true labels' names; an empty name is a cell without label and is left out.
  void add(const Annotations& annotations, const std::vector<std::string>& truth);
  Scores scores() const;

 private:
  const Model& model_;
  std::int64_t unseen_ = 0;
  std::vector<std::int32_t> truth_;  // [known cells], class
  std::vector<std::int32_t> best_;   // [known cells], class
  std::vector<std::uint8_t> is_unknown_;
  std::vector<float> score_of_known_;
  std::vector<float> score_of_unseen_;
};

// The report of `plkd evaluate --json`: the members above under their names, `per_class` by type, `confusion` by true and
// then given label. NaN becomes null.
nlohmann::json to_json(const Scores& scores, const Model& model);

}  // namespace plkd

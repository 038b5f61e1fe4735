#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/model/model.h"

namespace plkd {

// How one of our labels stands to the label that somebody else gave, by the model's ontology.
enum class Agreement {
  Exact,     // the same name or the same term
  Broader,   // ours is above the other: "T cell" for "CD8 T cell"
  Narrower,  // ours is below it
  Sibling,   // both are children of one term
  Other,     // both have terms, with a common ancestor further up or none
  Unplaced,  // one of them has no term in the model's ontology, which holds what lies above the model's types
  Unknown,   // we gave no label
};
std::string name_of(Agreement agreement);

// A given label is placed by the name of a type, else by the name or id of a term; `ours` as label_of gives it.
Agreement agreement_of(const Model& model, const LabelName& ours, const std::string& given);

// Our labels, types, broader terms and unknown, against any column of the cells' table, which need not be spelt as in the model.
class Confusion {
 public:
  explicit Confusion(const Model& model) : model_(model) {}

  // `given` [cells]; cells without a given label are left out.
  void add(const Annotations& annotations, const std::vector<std::string>& given);

  std::string csv() const;  // a line for each given label, by name; a column for each label of ours, by name; counts
  std::map<Agreement, std::int64_t> agreements() const;  // cells
  nlohmann::json to_json() const;                        // the same by name

 private:
  const Model& model_;
  std::map<std::string, std::map<std::string, std::int64_t>> cells_;  // by given label, then ours
  std::map<std::string, std::string> id_of_;                          // our labels' ontology ids
};

}  // namespace plkd

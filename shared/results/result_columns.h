#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/annotate/vote.h"
#include "shared/counts/counts_reader.h"
#include "shared/model/model.h"

namespace plkd {

struct NumberColumn {
  std::string name;
  std::vector<float> value;  // [cells]
};

// Results as columns of the cells' table and a map, ready for an h5ad.
struct ResultColumns {
  std::vector<CellColumn> categories;
  std::vector<NumberColumn> numbers;
  std::vector<float> map;                                    // [cells x 2]
  std::vector<std::pair<std::string, std::string>> about;    // name and text each: how the results came about

  std::int64_t cells() const { return static_cast<std::int64_t>(map.size()) / 2; }
};

// Collects annotations, in order of cells, as columns plkd_label, plkd_ontology_id, plkd_kind, plkd_second_label (categories; a label
// without id and a model of one type leave them missing), plkd_probability and plkd_unknown_score. Categories are those that occur, in the
// model's order, broader terms and "unknown" last. About 32 bytes a cell.
class ResultCollector {
 public:
  ResultCollector(const Model& model, UnknownPolicy policy);
  void add(const Annotations& slice);
  // With the vote of clusters where there is one: plkd_cluster_label and plkd_cluster_ontology_id (categories) and plkd_cluster_share, missing
  // and 0 for cells without a cluster. What the receipt says goes into `about`, for uns["plkd"].
  ResultColumns columns(const nlohmann::json& receipt, const ClusterVote* vote = nullptr) const;

 private:
  const Model& model_;
  UnknownPolicy policy_;
  std::vector<std::int32_t> label_;   // [cells], class, then classes + broader term, then unknown
  std::vector<std::int32_t> second_;  // [cells], class or -1
  std::vector<float> probability_;
  std::vector<float> unknown_score_;
  std::vector<float> map_;
};

// What a person made of the labels by hand: the page lets them rename, accept and give labels.
struct Curation {
  std::vector<std::string> names;
  std::vector<std::int32_t> label;        // [cells], index into names
  std::vector<std::string> review_names;  // "accepted", ...; an empty one leaves it missing
  std::vector<std::int32_t> review;       // [cells], index into review_names
};

// Adds the columns plkd_curated_label and plkd_review (categories). Throws BadInput when they are not of these cells.
void add_curation(const Curation& curation, ResultColumns& results);

}  // namespace plkd

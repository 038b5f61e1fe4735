#include "shared/results/result_columns.h"

#include <algorithm>
#include <map>
#include <utility>

#include "shared/error.h"

namespace plkd {

namespace {

// One category for each name, in order of first appearance among `names`, and only those that some cell has.
CellColumn column_of(const std::string& name, const std::vector<std::string>& names, const std::vector<std::int32_t>& of_cell) {
  std::vector<char> occurs(names.size(), 0);
  for (const std::int32_t at : of_cell)
    if (at >= 0) occurs[static_cast<std::size_t>(at)] = 1;
  CellColumn column{name, {}, {}};
  std::map<std::string, std::int32_t> code_of;
  std::vector<std::int32_t> code(names.size(), -1);
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (!occurs[at] || names[at].empty()) continue;
    const auto [found, is_new] = code_of.emplace(names[at], static_cast<std::int32_t>(column.categories.size()));
    if (is_new) column.categories.push_back(names[at]);
    code[at] = found->second;
  }
  column.code.reserve(of_cell.size());
  for (const std::int32_t at : of_cell) column.code.push_back(at < 0 ? -1 : code[static_cast<std::size_t>(at)]);
  return column;
}

std::vector<std::string> names_of(const std::vector<LabelName>& labels) {
  std::vector<std::string> names;
  for (const LabelName& label : labels) names.push_back(label.name);
  return names;
}

std::vector<std::string> ids_of(const std::vector<LabelName>& labels) {
  std::vector<std::string> ids;
  for (const LabelName& label : labels) ids.push_back(label.ontology_id);
  return ids;
}

void add_vote(const ClusterVote& vote, ResultColumns& results) {
  std::vector<LabelName> labels;
  std::vector<float> share;
  for (const ClusterLabel& cluster : vote.labels()) {
    labels.push_back(cluster.label);
    share.push_back(static_cast<float>(cluster.share()));
  }
  const std::vector<std::int32_t>& code = vote.clusters().code;
  results.categories.push_back(column_of("plkd_cluster_label", names_of(labels), code));
  results.categories.push_back(column_of("plkd_cluster_ontology_id", ids_of(labels), code));
  NumberColumn shares{"plkd_cluster_share", {}};
  for (const std::int32_t cluster : code) shares.value.push_back(cluster < 0 ? 0 : share[static_cast<std::size_t>(cluster)]);
  results.numbers.push_back(std::move(shares));
}

std::vector<std::pair<std::string, std::string>> about(const nlohmann::json& receipt) {
  return {{"model", receipt["model"]["name"]},
          {"model_digest", receipt["model"]["digest"]},
          {"version", receipt["version"]},
          {"options", receipt["options"].dump()},
          {"receipt", receipt.dump()}};
}

}  // namespace

ResultCollector::ResultCollector(const Model& model, UnknownPolicy policy) : model_(model), policy_(policy) {}

void ResultCollector::add(const Annotations& slice) {
  const bool label_all = policy_ == UnknownPolicy::LabelAll;
  for (std::size_t cell = 0; cell < slice.best.size(); ++cell) {
    label_.push_back(label_index(model_, slice, static_cast<std::int64_t>(cell), policy_));
    second_.push_back(slice.second[cell]);
    probability_.push_back(label_all ? slice.probability[cell] : slice.label_probability[cell]);
    unknown_score_.push_back(slice.unknown_score[cell]);
  }
  map_.insert(map_.end(), slice.map.begin(), slice.map.end());
}

ResultColumns ResultCollector::columns(const nlohmann::json& receipt, const ClusterVote* vote) const {
  const std::vector<LabelName> labels = labels_of(model_);
  std::vector<std::string> kinds(model_.classes.size(), name_of(LabelKind::Type));
  kinds.resize(labels.size() - 1, name_of(LabelKind::Broader));
  kinds.push_back(name_of(LabelKind::Unknown));
  const std::vector<std::string> names = names_of(labels);
  ResultColumns results{{column_of("plkd_label", names, label_), column_of("plkd_ontology_id", ids_of(labels), label_),
                         column_of("plkd_kind", kinds, label_), column_of("plkd_second_label", names, second_)},
                        {{"plkd_probability", probability_}, {"plkd_unknown_score", unknown_score_}},
                        map_,
                        about(receipt)};
  if (vote) add_vote(*vote, results);
  return results;
}

void add_curation(const Curation& curation, ResultColumns& results) {
  const auto fits = [&](const std::vector<std::int32_t>& of_cell, const std::vector<std::string>& names) {
    if (static_cast<std::int64_t>(of_cell.size()) != results.cells()) return false;
    return std::all_of(of_cell.begin(), of_cell.end(),
                       [&](std::int32_t at) { return at >= 0 && static_cast<std::size_t>(at) < names.size(); });
  };
  if (!fits(curation.label, curation.names) || !fits(curation.review, curation.review_names))
    throw Error(ErrorKind::BadInput, "the labels given by hand are not of these cells");
  results.categories.push_back(column_of("plkd_curated_label", curation.names, curation.label));
  results.categories.push_back(column_of("plkd_review", curation.review_names, curation.review));
}

}  // namespace plkd

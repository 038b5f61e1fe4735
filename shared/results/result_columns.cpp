#include "shared/results/result_columns.h"

#include <map>

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

}  // namespace

ResultCollector::ResultCollector(const Model& model, UnknownPolicy policy) : model_(model), policy_(policy) {}

void ResultCollector::add(const Annotations& slice) {
  const auto types = static_cast<std::int32_t>(model_.classes.size());
  const auto unknown = types + static_cast<std::int32_t>(model_.broader.size());
  const bool label_all = policy_ == UnknownPolicy::LabelAll;
  for (std::size_t cell = 0; cell < slice.best.size(); ++cell) {
    const LabelKind kind = label_all ? LabelKind::Type : slice.kind[cell];
    std::int32_t label = unknown;
    if (kind == LabelKind::Type) label = slice.best[cell];
    if (kind == LabelKind::Broader) label = types + slice.term[cell];
    label_.push_back(label);
    second_.push_back(slice.second[cell]);
    probability_.push_back(label_all ? slice.probability[cell] : slice.label_probability[cell]);
    unknown_score_.push_back(slice.unknown_score[cell]);
  }
  map_.insert(map_.end(), slice.map.begin(), slice.map.end());
}

ResultColumns ResultCollector::columns() const {
  std::vector<std::string> names, ids, kinds;
  for (const CellType& type : model_.classes) {
    names.push_back(type.name);
    ids.push_back(type.ontology_id);
    kinds.push_back(name_of(LabelKind::Type));
  }
  const std::vector<std::string> types = names;
  for (const BroaderTerm& term : model_.broader) {
    names.push_back(term.name);
    ids.push_back(term.id);
    kinds.push_back(name_of(LabelKind::Broader));
  }
  names.push_back("unknown");
  ids.push_back("");
  kinds.push_back(name_of(LabelKind::Unknown));
  return {{column_of("plkd_label", names, label_), column_of("plkd_ontology_id", ids, label_),
           column_of("plkd_kind", kinds, label_), column_of("plkd_second_label", types, second_)},
          {{"plkd_probability", probability_}, {"plkd_unknown_score", unknown_score_}},
          map_,
          {}};
}

}  // namespace plkd

#include "shared/annotate/confusion.h"

#include <algorithm>

#include "shared/annotate/csv.h"

namespace plkd {

namespace {

constexpr std::int32_t kNoTerm = -1;

std::int32_t term_of_given(const Model& model, const std::string& given) {
  for (const CellType& type : model.classes)
    if (type.name == given) return model.ontology.find(type.ontology_id);
  for (std::size_t term = 0; term < model.ontology.terms.size(); ++term)
    if (model.ontology.terms[term].name == given || model.ontology.terms[term].id == given) return static_cast<std::int32_t>(term);
  return kNoTerm;
}

bool share_a_parent(const Ontology& ontology, std::int32_t a, std::int32_t b) {
  const std::vector<std::int32_t>& other = ontology.terms[static_cast<std::size_t>(b)].parents;
  for (const std::int32_t parent : ontology.terms[static_cast<std::size_t>(a)].parents)
    if (std::find(other.begin(), other.end(), parent) != other.end()) return true;
  return false;
}

}  // namespace

std::string name_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::Exact: return "exact";
    case Agreement::Broader: return "broader";
    case Agreement::Narrower: return "narrower";
    case Agreement::Sibling: return "sibling";
    case Agreement::Other: return "other";
    case Agreement::Unplaced: return "unplaced";
    case Agreement::Unknown: return "unknown";
  }
  return "unknown";
}

Agreement agreement_of(const Model& model, const LabelName& ours, const std::string& given) {
  if (ours.name == given) return Agreement::Exact;
  if (ours.name == "unknown" && ours.ontology_id.empty()) return Agreement::Unknown;
  const std::int32_t our_term = model.ontology.find(ours.ontology_id), other_term = term_of_given(model, given);
  if (our_term == kNoTerm || other_term == kNoTerm) return Agreement::Unplaced;
  if (our_term == other_term) return Agreement::Exact;
  if (model.ontology.is_kind_of(other_term, our_term)) return Agreement::Broader;
  if (model.ontology.is_kind_of(our_term, other_term)) return Agreement::Narrower;
  return share_a_parent(model.ontology, our_term, other_term) ? Agreement::Sibling : Agreement::Other;
}

void Confusion::add(const Annotations& annotations, const std::vector<std::string>& given) {
  for (std::size_t cell = 0; cell < given.size(); ++cell) {
    if (given[cell].empty()) continue;
    const LabelName ours = label_of(model_, annotations, static_cast<std::int64_t>(cell), UnknownPolicy::Allow);
    ++cells_[given[cell]][ours.name];
    id_of_[ours.name] = ours.ontology_id;
  }
}

std::string Confusion::csv() const {
  std::string text = "given";
  for (const auto& [ours, id] : id_of_) text += "," + quoted_for_csv(ours);
  text += '\n';
  for (const auto& [given, by_label] : cells_) {
    text += quoted_for_csv(given);
    for (const auto& [ours, id] : id_of_) {
      const auto found = by_label.find(ours);
      text += "," + std::to_string(found == by_label.end() ? 0 : found->second);
    }
    text += '\n';
  }
  return text;
}

std::map<Agreement, std::int64_t> Confusion::agreements() const {
  std::map<Agreement, std::int64_t> cells;
  for (const auto& [given, by_label] : cells_)
    for (const auto& [ours, n] : by_label) cells[agreement_of(model_, {ours, id_of_.at(ours)}, given)] += n;
  return cells;
}

nlohmann::json Confusion::to_json() const {
  nlohmann::json report = nlohmann::json::object();
  for (const auto& [agreement, cells] : agreements()) report[name_of(agreement)] = cells;
  return report;
}

}  // namespace plkd

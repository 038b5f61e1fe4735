#include "shared/ontology/ontology.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace plkd {

namespace {

std::int64_t words(const std::string& name) { return 1 + std::count(name.begin(), name.end(), ' '); }

}  // namespace

std::int32_t Ontology::find(const std::string& id) const {
  for (std::size_t term = 0; term < terms.size(); ++term)
    if (terms[term].id == id) return static_cast<std::int32_t>(term);
  return -1;
}

std::vector<std::int32_t> Ontology::ancestors(std::int32_t term) const {
  std::set<std::int32_t> found;
  std::vector<std::int32_t> to_visit = {term};
  while (!to_visit.empty()) {
    const std::int32_t next = to_visit.back();
    to_visit.pop_back();
    if (!found.insert(next).second) continue;
    const std::vector<std::int32_t>& parents = terms[static_cast<std::size_t>(next)].parents;
    to_visit.insert(to_visit.end(), parents.begin(), parents.end());
  }
  return {found.begin(), found.end()};
}

bool Ontology::is_kind_of(std::int32_t term, std::int32_t other) const {
  const std::vector<std::int32_t> above = ancestors(term);
  return std::binary_search(above.begin(), above.end(), other);
}

Ontology part_above(const Ontology& ontology, const std::vector<std::string>& ids) {
  std::set<std::int32_t> kept;
  for (const std::string& id : ids) {
    const std::int32_t term = ontology.find(id);
    if (term < 0) continue;
    const std::vector<std::int32_t> above = ontology.ancestors(term);
    kept.insert(above.begin(), above.end());
  }
  std::map<std::int32_t, std::int32_t> place;
  for (const std::int32_t term : kept) place.emplace(term, static_cast<std::int32_t>(place.size()));
  Ontology part;
  for (const std::int32_t term : kept) {
    part.terms.push_back(ontology.terms[static_cast<std::size_t>(term)]);
    for (std::int32_t& parent : part.terms.back().parents) parent = place.at(parent);
  }
  return part;
}

bool BroaderTerm::covers(std::int32_t type) const {
  return std::binary_search(classes.begin(), classes.end(), type);
}

std::vector<BroaderTerm> broader_terms(const Ontology& ontology, const std::vector<std::string>& class_ids) {
  std::map<std::int32_t, std::vector<std::int32_t>> covered;  // types by term
  std::set<std::int32_t> own;
  std::size_t placed = 0;
  for (std::size_t type = 0; type < class_ids.size(); ++type) {
    const std::int32_t term = ontology.find(class_ids[type]);
    if (term < 0) continue;
    ++placed;
    own.insert(term);
    for (const std::int32_t above : ontology.ancestors(term))
      covered[above].push_back(static_cast<std::int32_t>(type));
  }

  using Preference =
      std::tuple<std::int64_t, std::int64_t, std::string>;  // words, -depth, id: the smallest is kept
  std::map<std::vector<std::int32_t>, std::pair<Preference, std::int32_t>>
      kept;  // term by the types it covers
  for (const auto& [term, types] : covered) {
    if (types.size() < 2 || types.size() == placed || own.count(term) > 0) continue;
    const OntologyTerm& candidate = ontology.terms[static_cast<std::size_t>(term)];
    const auto depth = static_cast<std::int64_t>(ontology.ancestors(term).size());
    const Preference preference = {words(candidate.name), -depth, candidate.id};
    const auto [place, is_new] = kept.try_emplace(types, preference, term);
    if (!is_new && preference < place->second.first) place->second = {preference, term};
  }

  std::vector<BroaderTerm> broader;
  for (const auto& [types, best] : kept) {
    const OntologyTerm& term = ontology.terms[static_cast<std::size_t>(best.second)];
    broader.push_back({term.id, term.name, types});
  }
  // Equal numbers of types stay in the order of their types, so the order is the same everywhere.
  std::stable_sort(broader.begin(), broader.end(), [](const BroaderTerm& a, const BroaderTerm& b) {
    return a.classes.size() < b.classes.size();
  });
  return broader;
}

}  // namespace plkd

#include "shared/annotate/choose_types.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Levenshtein's distance: letters to insert, drop or change.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// The names nearest to a misspelt one; those that contain it come first, then by letters that differ, then by name.
std::string nearest(const Model& model, const std::string& wanted) {
  std::set<std::pair<std::size_t, std::string>> by_distance;
  const auto add = [&](const std::string& name) {
    const bool contains = !wanted.empty() && lower_case(name).find(wanted) != std::string::npos;
    by_distance.emplace(contains ? 0 : distance(lower_case(name), wanted), name);
  };
  for (const CellType& type : model.classes) add(type.name);
  for (const BroaderTerm& term : model.broader) add(term.name);
  constexpr std::size_t kShown = 5;
  std::vector<std::string> names;
  for (const auto& [letters, name] : by_distance) names.push_back(name);
  names.resize(std::min(names.size(), kShown));
  return quoted_list(names);
}

// Marks what a name means; false when it means nothing.
bool mark(const Model& model, const std::string& name, std::vector<char>& is_possible) {
  const std::string wanted = lower_case(name);
  bool is_meant = false;
  for (std::size_t type = 0; type < model.classes.size(); ++type) {
    if (lower_case(model.classes[type].name) != wanted && (wanted.empty() || lower_case(model.classes[type].ontology_id) != wanted)) continue;
    is_possible[type] = 1;
    is_meant = true;
  }
  for (std::size_t term = 0; term < model.ontology.terms.size(); ++term) {
    if (lower_case(model.ontology.terms[term].name) != wanted && lower_case(model.ontology.terms[term].id) != wanted) continue;
    for (std::size_t type = 0; type < model.classes.size(); ++type) {
      const std::int32_t own = model.ontology.find(model.classes[type].ontology_id);
      if (own < 0 || !model.ontology.is_kind_of(own, static_cast<std::int32_t>(term))) continue;
      is_possible[type] = 1;
      is_meant = true;
    }
  }
  return is_meant;
}

}  // namespace

std::vector<char> choose_types(const Model& model, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::vector<char> is_possible(model.classes.size(), 0);
  for (const std::string& text : texts) {
    // A name may have commas of its own.
    if (mark(model, trimmed(text), is_possible)) continue;
    for (std::size_t first = 0; first <= text.size();) {
      const std::size_t comma = std::min(text.find(',', first), text.size());
      const std::string name = trimmed(text.substr(first, comma - first));
      first = comma + 1;
      if (mark(model, name, is_possible)) continue;
      throw Error(ErrorKind::WrongUsage, "model '" + model.card.name + "' has no type '" + name + "'",
                  "the nearest are " + nearest(model, lower_case(name)) + "; plkd describe shows all");
    }
  }
  return is_possible;
}

}  // namespace plkd

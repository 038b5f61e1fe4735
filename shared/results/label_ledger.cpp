#include "shared/results/label_ledger.h"

#include <numeric>

namespace plkd {

LabelLedger::LabelLedger(const Model& model, UnknownPolicy policy)
    : model_(model), policy_(policy), names_(labels_of(model)), cells_(names_.size(), 0) {}

void LabelLedger::add(const Annotations& slice, const std::vector<std::string>& names) {
  for (std::int64_t cell = 0; cell < slice.cells(); ++cell) {
    const std::int32_t label = label_index(model_, slice, cell, policy_);
    const std::string& name = names[static_cast<std::size_t>(cell)];
    ++cells_[static_cast<std::size_t>(label)];
    labels_.add(name);
    labels_.add(static_cast<std::int64_t>(label));
    lines_.add(csv_line(model_, slice, cell, name, policy_));
  }
}

std::vector<LabelCount> LabelLedger::counts() const {
  const std::size_t types = model_.classes.size();
  std::vector<LabelCount> counts;
  for (std::size_t label = 0; label < names_.size(); ++label) {
    if (cells_[label] == 0) continue;
    const bool is_last = label + 1 == names_.size();
    counts.push_back({names_[label], label < types ? LabelKind::Type : is_last ? LabelKind::Unknown : LabelKind::Broader, cells_[label]});
  }
  return counts;
}

std::int64_t LabelLedger::cells() const { return std::accumulate(cells_.begin(), cells_.end(), std::int64_t{0}); }

}  // namespace plkd

#include "shared/counts/feature_split.h"

#include <algorithm>
#include <map>
#include <optional>

#include "shared/genes/peaks.h"
#include "shared/genes/proteins.h"

namespace plkd {

Modality modality_by_names(const std::vector<std::string>& names) {
  if (look_like_peaks(names)) return Modality::Chromatin;
  return look_like_proteins(names) ? Modality::Protein : Modality::Rna;
}

FeatureSplit::FeatureSplit(const std::vector<std::string>& names, std::vector<std::string> types)
    : features_(names.size()), gene_at_(names.size(), -1) {
  if (types.empty()) types.assign(names.size(), type_of(modality_by_names(names)));
  std::map<std::string, std::int64_t> unused;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const std::optional<Modality> modality = modality_of_type(types[at]);
    if (!modality) {
      ++unused[types[at]];
    } else if (*modality == Modality::Rna) {
      gene_at_[at] = static_cast<std::int32_t>(genes_.size());
      genes_.push_back(static_cast<std::int32_t>(at));
    } else {
      auto other = std::find_if(others_.begin(), others_.end(), [&](const OtherFeatures& each) { return each.modality == *modality; });
      if (other == others_.end()) {
        other = others_.insert(others_.end(), {*modality, "type:" + types[at], {}});
        other_at_.emplace_back(features_, -1);
      }
      other_at_[static_cast<std::size_t>(other - others_.begin())][at] = static_cast<std::int32_t>(other->names.size());
      other->names.push_back(names[at]);
    }
  }
  unused_.assign(unused.begin(), unused.end());
}

std::string FeatureSplit::left_out() const {
  std::string text;
  for (const auto& [type, number] : unused_) text += ", without " + std::to_string(number) + " of '" + type + "'";
  return text;
}

CountMatrix FeatureSplit::other_of(std::size_t which, const CountMatrix& all) const {
  return select(all, other_at_.at(which), others_[which].names.size());
}

CountMatrix FeatureSplit::select(const CountMatrix& all, const std::vector<std::int32_t>& place, std::size_t features) {
  CountMatrix selected;
  selected.genes = static_cast<std::int64_t>(features);
  selected.row_begin.reserve(all.row_begin.size());
  for (std::size_t cell = 0; cell + 1 < all.row_begin.size(); ++cell) {
    const auto end = static_cast<std::size_t>(all.row_begin[cell + 1]);
    for (auto entry = static_cast<std::size_t>(all.row_begin[cell]); entry < end; ++entry) {
      const std::int32_t here = place[static_cast<std::size_t>(all.gene[entry])];
      if (here < 0) continue;
      selected.gene.push_back(here);
      selected.count.push_back(all.count[entry]);
    }
    selected.row_begin.push_back(selected.entries());
  }
  return selected;
}

}  // namespace plkd

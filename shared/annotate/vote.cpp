#include "shared/annotate/vote.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace plkd {

namespace {

// Cells whose label is a type below the term, or a broader term with no other types than the term's.
std::int64_t cells_below(const Model& model, const BroaderTerm& term, const std::vector<std::int64_t>& cells) {
  const auto is_below = [&](std::int32_t type) { return term.covers(type); };
  std::int64_t below = 0;
  for (const std::int32_t type : term.classes) below += cells[static_cast<std::size_t>(type)];
  for (std::size_t other = 0; other < model.broader.size(); ++other) {
    const std::vector<std::int32_t>& types = model.broader[other].classes;
    if (std::all_of(types.begin(), types.end(), is_below)) below += cells[model.classes.size() + other];
  }
  return below;
}

}  // namespace

ClusterVote::ClusterVote(const Model& model, CellColumn clusters, UnknownPolicy policy)
    : model_(model), clusters_(std::move(clusters)), policy_(policy), labels_(labels_of(model)),
      cells_(clusters_.categories.size(), std::vector<std::int64_t>(labels_.size(), 0)) {}

void ClusterVote::add(std::int64_t first, const Annotations& slice) {
  for (std::int64_t cell = 0; cell < slice.cells(); ++cell) {
    const std::int32_t cluster = clusters_.code[static_cast<std::size_t>(first + cell)];
    if (cluster < 0) continue;
    ++cells_[static_cast<std::size_t>(cluster)][static_cast<std::size_t>(label_index(model_, slice, cell, policy_))];
  }
}

ClusterLabel ClusterVote::label_of_cluster(std::size_t cluster) const {
  const std::vector<std::int64_t>& cells = cells_[cluster];
  ClusterLabel result{clusters_.categories[cluster], std::accumulate(cells.begin(), cells.end(), std::int64_t{0}), labels_.back(), cells.back()};
  const auto most = std::max_element(cells.begin(), cells.end());
  if (2 * *most > result.cells) {
    result.label = labels_[static_cast<std::size_t>(most - cells.begin())];
    result.agree = *most;
    return result;
  }
  const BroaderTerm* narrowest = nullptr;
  for (const BroaderTerm& term : model_.broader) {
    const std::int64_t below = cells_below(model_, term, cells);
    if (2 * below <= result.cells) continue;
    const bool is_better = !narrowest || term.classes.size() < narrowest->classes.size() ||
                           (term.classes.size() == narrowest->classes.size() && below > result.agree);
    if (!is_better) continue;
    narrowest = &term;
    result.label = {term.name, term.id};
    result.agree = below;
  }
  return result;
}

std::vector<ClusterLabel> ClusterVote::labels() const {
  std::vector<ClusterLabel> labels;
  for (std::size_t cluster = 0; cluster < cells_.size(); ++cluster) labels.push_back(label_of_cluster(cluster));
  return labels;
}

}  // namespace plkd

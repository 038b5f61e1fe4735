#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/counts/counts_reader.h"
#include "shared/model/model.h"

namespace plkd {

struct ClusterLabel {
  std::string cluster;
  std::int64_t cells = 0;
  LabelName label;         // "unknown" where no label and no broader term holds more than half of the cells
  std::int64_t agree = 0;  // cells that have the label, or one below it; of an unknown cluster, those that are unknown

  double share() const { return cells == 0 ? 0 : static_cast<double>(agree) / static_cast<double>(cells); }
};

// Majority vote within a user's own clusters: a cluster has the label that more than half of its cells have, else the broader term
// over the fewest types whose labels more than half of them have (of several, the one with most cells), else none.
class ClusterVote {
 public:
  // `clusters` [cells of the query]. Cells without a cluster do not vote.
  ClusterVote(const Model& model, CellColumn clusters, UnknownPolicy policy);

  // Annotations of cells [first, first + slice.cells()); each cell once.
  void add(std::int64_t first, const Annotations& slice);

  const CellColumn& clusters() const { return clusters_; }
  std::vector<ClusterLabel> labels() const;  // [clusters], in the column's order

 private:
  ClusterLabel label_of_cluster(std::size_t cluster) const;

  const Model& model_;
  CellColumn clusters_;
  UnknownPolicy policy_;
  std::vector<LabelName> labels_;
  std::vector<std::vector<std::int64_t>> cells_;  // [clusters x labels_]
};

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/explain/group_genes.h"

namespace plkd {

// What groups of a query's cells express, and how active the model's patterns are in them, from as many ranges of cells as are
// added: those of a sample will do.
class GroupProfile {
 public:
  GroupProfile(Query& query, const Model& model, std::int32_t groups);

  // Reads cells [first, end). `group` [end - first], -1 takes part in nothing; each cell once.
  void add(std::int64_t first, std::int64_t end, const std::vector<std::int32_t>& group);

  const GroupGenes& genes() const { return genes_; }
  // Mean scores, see StudentOutput; empty unless the model explains, 0 in groups without cells.
  std::vector<float> pattern_means() const;  // [groups x patterns]

 private:
  Query& query_;
  const Model& model_;
  GroupGenes genes_;
  std::vector<double> patterns_;  // [groups x patterns], sums
};

}  // namespace plkd

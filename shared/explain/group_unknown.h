#pragma once

#include <cstdint>
#include <vector>

#include "shared/annotate/annotate.h"

namespace plkd {

// Unknown cells that are like each other.
struct UnknownGroup {
  std::int64_t cells = 0;
  LabelName nearest;          // the type that is best for more than half of them, else the narrowest broader term that covers the best of more than half; empty for neither
  double median_library = 0;  // counts a cell: few are the mark of debris
  double median_genes = 0;
};

struct UnknownGroups {
  std::vector<std::int32_t> group;    // [cells of the query], -1 for cells with a label
  std::vector<UnknownGroup> groups;  // largest first
};

struct GroupUnknownOptions {
  // As many groups as the silhouette finds best, up to so many.
  std::int32_t most_groups = 8;
  // Cells that groups are sought in; the others go to the nearest group. Comparing takes their square.
  std::int64_t sample = 2000;
  // Fewer unknown cells are one group.
  std::int64_t few = 20;
  // Groups that are no further apart than this mean silhouette are one. Raising it splits less.
  double least_silhouette = 0.15;
};

// Groups the unknown cells of a query by their latents (k-means), so that people can look at each kind of them. `labels` are
// those of all its cells, which are read once more where they are unknown; those of a sample, if it takes one, twice.
UnknownGroups group_unknown(Query& query, const Model& model, const Annotations& labels,
                            const GroupUnknownOptions& options = {});

}  // namespace plkd

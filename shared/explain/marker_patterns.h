#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// A pattern that is more active, and looked at, in the cells of one group than in all others.
struct MarkerPattern {
  std::int32_t group = 0;
  std::int32_t pattern = 0;
  double difference = 0;  // of the mean scores, in standard deviations of the reference
  double auc = 0.5;       // see RankTest
  double p_value = 1;
  double q_value = 1;  // adjusted over all groups and patterns
};

struct MarkerPatternsOptions {
  // Groups with fewer cells are not tested: nothing could come out.
  std::int64_t min_cells = 3;
  // Markers with a larger q-value are left out; 1 keeps all, the ones with less attention too.
  double max_q_value = 0.05;
};

// Markers of every group, best first: by group, then falling AUC, then pattern. One ranking a pattern serves all groups.
std::vector<MarkerPattern> marker_patterns(const std::vector<float>& scores,  // [cells x patterns]
                                           std::int32_t patterns,
                                           const std::vector<std::int32_t>& group,  // [cells], -1 takes part in nothing
                                           std::int32_t groups, const MarkerPatternsOptions& options = {});

// The genes of a pattern that its token listens to most, by falling weight, ties in order of genes; without weights the
// first in order.
std::vector<std::string> top_genes(const Pattern& pattern, const GeneVocabulary& genes, std::size_t count);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/explain/welch_test.h"

namespace plkd {

// Expression of every gene in groups of cells, added up range by range, so that memory does not grow with the cells:
// 20 bytes a group and gene.
class GroupGenes {
 public:
  GroupGenes(std::int64_t genes, std::int32_t groups);

  // Log-normalised expression of some cells; `group` [cells], -1 takes part in nothing.
  void add(const CountMatrix& expression, const std::vector<std::int32_t>& group);

  std::int64_t genes() const { return genes_; }
  std::int32_t groups() const { return static_cast<std::int32_t>(cells_.size()); }
  const std::vector<std::int64_t>& cells() const { return cells_; }  // [groups]

  Moments of(std::int32_t group, std::int64_t gene) const;
  std::int64_t expressing(std::int32_t group, std::int64_t gene) const;  // cells with any count

 private:
  std::size_t at(std::int32_t group, std::int64_t gene) const { return static_cast<std::size_t>(group * genes_ + gene); }

  std::int64_t genes_;
  std::vector<std::int64_t> cells_;        // [groups]
  std::vector<double> sum_;                // [groups x genes]
  std::vector<double> squares_;            // [groups x genes]
  std::vector<std::int32_t> expressing_;  // [groups x genes]
};

// A gene that is more expressed in the cells of one group than in all others.
struct MarkerGene {
  std::int32_t group = 0;
  std::int32_t gene = 0;
  double difference = 0;  // of the mean log-normalised expression
  double score = 0;       // Welch's t
  double q_value = 1;     // adjusted over all groups and genes
  double share_in = 0;    // cells of the group that express it
  double share_out = 0;   // of all others
};

struct MarkerGenesOptions {
  // Groups with fewer cells, or with fewer others, are not tested: nothing could come out.
  std::int64_t min_cells = 3;
  // Raising it gives more markers of which more are chance.
  double max_q_value = 0.05;
  // Markers kept of a group.
  std::int64_t top = 50;
};

// Markers of every group, best first: by group, then falling score, then gene. Genes that no cell expresses are not tested.
std::vector<MarkerGene> marker_genes(const GroupGenes& expression, const MarkerGenesOptions& options = {});

// Of some genes in all groups; 0 in groups without cells.
struct GeneMeans {
  std::vector<float> mean;   // [groups x genes]
  std::vector<float> share;  // [groups x genes], cells with any count
};
GeneMeans gene_means(const GroupGenes& expression, const std::vector<std::int32_t>& genes);

}  // namespace plkd

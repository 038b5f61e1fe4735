#pragma once

#include <cstdint>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/annotate/sample_cells.h"

namespace plkd {

struct AdaptOptions {
  // Cells of each batch that the factors are estimated from, in blocks spread evenly. More takes longer, not
  // more memory.
  std::int64_t cells = 20000;
  // Labels decide the factors and the factors the labels; after three rounds little moves.
  int rounds = 3;
};

// Estimates how much better or worse a query's chemistry catches each gene than the reference's did, batch by
// batch: the query's mean of the gene against the mean that its predicted types have in the reference. A
// gene's factor is
//   clip((q + 0.3) / (e + 0.3), 1/20, 20) ^ (n / (n + 200)),   e = mean probability of each type x its mean
//   in the reference,
// with q and e in counts per 10,000 and n cells, so few cells change little. Never let cells of several
// technologies be one batch: the factors of neither would be right.
class Adaptation {
 public:
  // `batch` [cells]: which batch a cell is of, from 0, or -1 to leave it as it is; empty when all are one
  // batch. Throws BadInput when the model keeps no class means.
  Adaptation(Query& query, const Model& model, std::vector<std::int32_t> batch = {},
             const AdaptOptions& options = {});

  // Reads some hundred cells on; false when all is done and the query is scaled. To stop earlier, stop
  // calling: the query is then scaled by the rounds that were finished.
  bool step();
  double progress() const;  // 0 to 1

 private:
  struct Batch {
    std::int64_t cells = 0;           // seen this round
    std::vector<double> counts;       // [genes], sum of counts per 10,000, unscaled
    std::vector<double> probability;  // [classes], sum
  };
  void add(const CellRange& range);
  void finish_round();

  Query& query_;
  const Model& model_;
  GeneScaling scaling_;
  std::vector<CellRange> ranges_;
  std::vector<Batch> batches_;
  std::size_t next_ = 0;
  int round_ = 0;
  int rounds_ = 0;
};

}  // namespace plkd

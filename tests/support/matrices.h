#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/vocabulary.h"

namespace plkd::test {

// Dense rows of counts as the sparse matrix our code takes.
inline CountMatrix matrix_of(const std::vector<std::vector<float>>& rows) {
  CountMatrix counts;
  counts.genes = rows.empty() ? 0 : static_cast<std::int64_t>(rows[0].size());
  for (const std::vector<float>& row : rows) {
    for (std::size_t gene = 0; gene < row.size(); ++gene) {
      if (row[gene] == 0) continue;
      counts.gene.push_back(static_cast<std::int32_t>(gene));
      counts.count.push_back(row[gene]);
    }
    counts.row_begin.push_back(counts.entries());
  }
  return counts;
}

inline std::vector<std::vector<float>> dense_of(const CountMatrix& counts) {
  std::vector<std::vector<float>> rows;
  for (std::size_t cell = 0; cell + 1 < counts.row_begin.size(); ++cell) {
    rows.emplace_back(static_cast<std::size_t>(counts.genes), 0.0F);
    for (auto entry = static_cast<std::size_t>(counts.row_begin[cell]);
         entry < static_cast<std::size_t>(counts.row_begin[cell + 1]); ++entry)
      rows.back()[static_cast<std::size_t>(counts.gene[entry])] = counts.count[entry];
  }
  return rows;
}

// Counts 1 to 9 where a coin of the given density falls, 0 elsewhere.
inline CountMatrix random_counts(std::mt19937_64& rng, std::int64_t cells, std::int64_t genes, double density) {
  std::vector<std::vector<float>> rows(static_cast<std::size_t>(cells));
  for (std::vector<float>& row : rows)
    for (std::int64_t gene = 0; gene < genes; ++gene)
      row.push_back(static_cast<double>(rng() % 10000) < density * 10000 ? static_cast<float>(rng() % 9 + 1) : 0);
  CountMatrix counts = matrix_of(rows);
  counts.genes = genes;
  return counts;
}

// G0, G1, G2, ...
inline GeneVocabulary numbered_genes(std::int64_t genes) {
  std::vector<std::string> names;
  for (std::int64_t gene = 0; gene < genes; ++gene) names.push_back(std::string("G").append(std::to_string(gene)));
  return vocabulary_from_names(names);
}

}  // namespace plkd::test

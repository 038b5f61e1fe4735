#include "shared/explain/gene_values.h"

#include <algorithm>
#include <utility>

#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlice = 512;

// Where each wanted gene stands among them, the first of equals; -1 for all others.
GeneAlignment places_of(const std::vector<std::int32_t>& genes, std::int64_t query_genes) {
  GeneAlignment places;
  places.model_gene.assign(static_cast<std::size_t>(query_genes), -1);
  places.report.model_genes = static_cast<std::int64_t>(genes.size());
  for (std::size_t at = 0; at < genes.size(); ++at) {
    if (genes[at] < 0 || genes[at] >= query_genes) throw Error(ErrorKind::Internal, "gene_values: there is no such gene");
    std::int32_t& place = places.model_gene[static_cast<std::size_t>(genes[at])];
    if (place < 0) place = static_cast<std::int32_t>(at);
  }
  return places;
}

}  // namespace

std::vector<float> gene_values(Query& query, const std::vector<std::int32_t>& genes, std::int64_t first, std::int64_t end) {
  const auto cells = static_cast<std::size_t>(end - first);
  const GeneAlignment places = places_of(genes, query.report().alignment.query_genes);
  std::vector<float> values(genes.size() * cells);
  for (std::int64_t begin = first; begin < end; begin += kSlice) {
    const CountMatrix counts = query.counts(begin, std::min(begin + kSlice, end));
    // Few genes are wanted: the others need no logarithm.
    CountMatrix wanted = apply(places, counts);
    log_normalise(wanted, library_sizes(counts), query.recipe());
    for (std::int64_t cell = 0; cell < wanted.cells(); ++cell) {
      for (std::int64_t entry = wanted.row_begin[static_cast<std::size_t>(cell)];
           entry < wanted.row_begin[static_cast<std::size_t>(cell) + 1]; ++entry) {
        const auto at = static_cast<std::size_t>(entry);
        values[static_cast<std::size_t>(wanted.gene[at]) * cells + static_cast<std::size_t>(begin - first + cell)] = wanted.count[at];
      }
    }
  }
  for (std::size_t at = 0; at < genes.size(); ++at) {
    const auto place = static_cast<std::size_t>(places.model_gene[static_cast<std::size_t>(genes[at])]);
    if (place != at) std::copy_n(values.data() + place * cells, cells, values.data() + at * cells);
  }
  return values;
}

CountMatrix log_normalised(CountMatrix counts, const PreprocessRecipe& recipe) {
  const std::vector<double> library = library_sizes(counts);
  log_normalise(counts, library, recipe);
  return counts;
}

}  // namespace plkd

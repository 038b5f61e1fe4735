#include "trainer/data/cells.h"

#include "shared/genes/vocabulary.h"

namespace plkd {

Cells select(const Cells& cells, const std::vector<std::int64_t>& chosen) {
  Cells selected;
  selected.counts = select_cells(cells.counts, chosen);
  for (const std::int64_t cell : chosen) {
    selected.library.push_back(cells.library[at(cell)]);
    selected.label.push_back(cells.label[at(cell)]);
  }
  return selected;
}

Cells join(const Cells& first, const Cells& second) {
  Cells all = first;
  append_cells(all.counts, second.counts);
  all.library.insert(all.library.end(), second.library.begin(), second.library.end());
  all.label.insert(all.label.end(), second.label.begin(), second.label.end());
  return all;
}

CountMatrix select_genes(const CountMatrix& counts, const std::vector<std::int32_t>& genes) {
  GeneAlignment chosen;
  chosen.model_gene.assign(at(counts.genes), -1);
  for (const std::int32_t gene : genes)
    chosen.model_gene[at(gene)] = static_cast<std::int32_t>(chosen.report.model_genes++);
  return apply(chosen, counts);
}

}  // namespace plkd

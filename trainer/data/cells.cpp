#include "trainer/data/cells.h"

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

}  // namespace plkd

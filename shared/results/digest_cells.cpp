#include "shared/results/digest_cells.h"

#include <algorithm>
#include <span>
#include <vector>

#include "shared/digest.h"

namespace plkd {

std::string digest_of(CountsReader& reader) {
  constexpr std::int64_t kSlice = 512;
  Digest digest;
  for (const std::string& symbol : reader.genes().symbol) digest.add(symbol);
  for (const std::string& id : reader.genes().id) digest.add(id);
  for (std::int64_t first = 0; first < reader.cells(); first += kSlice) {
    const std::int64_t end = std::min(first + kSlice, reader.cells());
    const CountMatrix counts = reader.read(first, end);
    const std::vector<std::string> names = reader.cell_names(first, end);
    for (std::size_t cell = 0; cell < names.size(); ++cell) {
      const auto begin = static_cast<std::size_t>(counts.row_begin[cell]);
      const auto entries = static_cast<std::size_t>(counts.row_begin[cell + 1]) - begin;
      digest.add(names[cell]);
      digest.add(static_cast<std::int64_t>(entries));
      digest.add(std::span<const std::int32_t>(counts.gene.data() + begin, entries));
      digest.add(std::span<const float>(counts.count.data() + begin, entries));
    }
  }
  return digest.hex();
}

}  // namespace plkd

#include "shared/results/digest_cells.h"

#include <algorithm>
#include <span>
#include <vector>

namespace plkd {

namespace {

void add_row(Digest& digest, const CountMatrix& counts, std::size_t cell) {
  const auto begin = static_cast<std::size_t>(counts.row_begin[cell]);
  const auto entries = static_cast<std::size_t>(counts.row_begin[cell + 1]) - begin;
  digest.add(static_cast<std::int64_t>(entries));
  digest.add(std::span<const std::int32_t>(counts.gene.data() + begin, entries));
  digest.add(std::span<const float>(counts.count.data() + begin, entries));
}

}  // namespace

CellsDigest::CellsDigest(CountsReader& reader) : reader_(reader) {
  for (const std::string& symbol : reader.genes().symbol) digest_.add(symbol);
  for (const std::string& id : reader.genes().id) digest_.add(id);
  for (const OtherFeatures& other : reader.other_features())
    for (const std::string& name : other.names) digest_.add(name);
}

void CellsDigest::step() {
  constexpr std::int64_t kSlice = 512;
  const std::int64_t end = std::min(read_ + kSlice, reader_.cells());
  if (read_ == end) return;
  const CountMatrix counts = reader_.read(read_, end);
  std::vector<CountMatrix> others;
  for (std::size_t which = 0; which < reader_.other_features().size(); ++which)
    others.push_back(reader_.read_other(which, read_, end));
  const std::vector<std::string> names = reader_.cell_names(read_, end);
  for (std::size_t cell = 0; cell < names.size(); ++cell) {
    digest_.add(names[cell]);
    add_row(digest_, counts, cell);
    for (const CountMatrix& other : others) add_row(digest_, other, cell);
  }
  read_ = end;
}

double CellsDigest::progress() const {
  return reader_.cells() == 0 ? 1 : static_cast<double>(read_) / static_cast<double>(reader_.cells());
}

std::string digest_of(CountsReader& reader) {
  CellsDigest digest(reader);
  while (digest.progress() < 1) digest.step();
  return digest.hex();
}

}  // namespace plkd

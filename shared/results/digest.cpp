#include "shared/results/digest.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace plkd {

void Digest::add_bytes(const void* bytes, std::size_t size) {
  const auto* byte = static_cast<const unsigned char*>(bytes);
  for (std::size_t at = 0; at < size; ++at) hash_ = (hash_ ^ byte[at]) * 0x100000001b3U;
}

void Digest::add(std::string_view text) {
  add(static_cast<std::int64_t>(text.size()));
  add_bytes(text.data(), text.size());
}

std::string Digest::hex() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
  return text;
}

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
      digest.add(std::span(counts.gene.data() + begin, entries));
      digest.add(std::span(counts.count.data() + begin, entries));
    }
  }
  return digest.hex();
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shared/counts/counts_reader.h"

namespace plkd {

// FNV-1a, 64 bits, as model files use it: finds a bit that changed, not a forger. Texts are taken with their length, so that no two
// lists of texts run into each other.
class Digest {
 public:
  void add(std::string_view text);
  void add(std::int64_t number) { add_bytes(&number, sizeof number); }
  void add(std::span<const float> values) { add_bytes(values.data(), values.size_bytes()); }
  void add(std::span<const std::int32_t> values) { add_bytes(values.data(), values.size_bytes()); }
  std::string hex() const;  // 16 digits

 private:
  void add_bytes(const void* bytes, std::size_t size);

  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

// Of a matrix as it is read: its genes, then cell by cell its name and its genes and values. The same for the same cells in another
// format or compression. Reads all cells once, by slices.
std::string digest_of(CountsReader& reader);

}  // namespace plkd

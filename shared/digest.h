#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace plkd {

// FNV-1a, 64 bits: finds a bit that changed, not a forger. Models, data and receipts are told apart by it.
class Digest {
 public:
  // With its length, so that no two lists of texts run into each other.
  void add(std::string_view text);
  void add(std::int64_t number) { add(std::span<const std::int64_t>(&number, 1)); }
  template <typename Number>
  void add(std::span<const Number> values) {
    add_bytes(std::as_bytes(values));
  }
  std::string hex() const;  // 16 digits

 private:
  void add_bytes(std::span<const std::byte> bytes);

  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace plkd

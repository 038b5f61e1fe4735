#include "shared/digest.h"

#include <cstdio>

namespace plkd {

void Digest::add_bytes(std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes) hash_ = (hash_ ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
}

void Digest::add(std::string_view text) {
  add(static_cast<std::int64_t>(text.size()));
  add(std::span<const char>(text.data(), text.size()));
}

std::string Digest::hex() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
  return text;
}

}  // namespace plkd

#include "shared/counts/utf8.h"

#include <cstddef>

namespace plkd {
namespace {

// Bytes of the character that begins so, and the least that may follow: shorter forms of a character are not allowed.
struct Lead {
  std::size_t bytes = 0;  // 0 where no character begins
  unsigned char second_from = 0x80;
  unsigned char second_to = 0xbf;
};

// RFC 3629, section 4.
Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xc2) return {};
  if (byte < 0xe0) return {2};
  if (byte < 0xf0) return {3, static_cast<unsigned char>(byte == 0xe0 ? 0xa0 : 0x80), static_cast<unsigned char>(byte == 0xed ? 0x9f : 0xbf)};
  if (byte < 0xf5) return {4, static_cast<unsigned char>(byte == 0xf0 ? 0x90 : 0x80), static_cast<unsigned char>(byte == 0xf4 ? 0x8f : 0xbf)};
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[0]));
    if (lead.bytes == 0 || lead.bytes > text.size()) return false;
    for (std::size_t i = 1; i < lead.bytes; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < (i == 1 ? lead.second_from : 0x80) || byte > (i == 1 ? lead.second_to : 0xbf)) return false;
    }
    text.remove_prefix(lead.bytes);
  }
  return true;
}

}  // namespace plkd

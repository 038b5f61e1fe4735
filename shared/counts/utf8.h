#pragma once

#include <string_view>

namespace plkd {

// True when the bytes are UTF-8 (RFC 3629), as names must be that are shown on a page and written to JSON.
bool is_utf8(std::string_view text);

}  // namespace plkd

#pragma once

#include <string>

namespace plkd {

// Replaces what is there. Throws BadInput when it cannot be written to its end.
void write_file(const std::string& path, const std::string& content);

}  // namespace plkd

#pragma once

#include <optional>
#include <string_view>

namespace plkd {

// The number that a field of a text table holds, quoted or not; nothing when it is a word, missing or not finite.
std::optional<double> parse_number(std::string_view field);

// "", "NA", "nan", "NULL" and the like.
bool is_missing(std::string_view field);

}  // namespace plkd

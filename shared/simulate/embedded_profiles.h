#pragma once

#include <string_view>
#include <vector>

namespace plkd {

// A file of models/profiles compiled in; its text is the parts joined (compilers limit the length of one literal).
struct EmbeddedProfile {
  std::string_view name;
  std::vector<std::string_view> parts;
};

// Defined in a file that embed_profiles.cmake writes at configure time.
const std::vector<EmbeddedProfile>& embedded_profiles();

}  // namespace plkd

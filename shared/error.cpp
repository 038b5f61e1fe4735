#include "shared/error.h"

#include <utility>

namespace plkd {

Error::Error(ErrorKind kind, const std::string& message, std::string hint)
    : std::runtime_error(hint.empty() ? message : message + "; " + hint),
      kind_(kind),
      message_(message),
      hint_(std::move(hint)) {}

}  // namespace plkd

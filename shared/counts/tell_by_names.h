#pragma once

#include <memory>

#include "shared/counts/counts_reader.h"

namespace plkd {

// Formats that do not say what their features are: where the names are those of antibodies or of peaks the
// file has no genes, and all of it is proteins or chromatin. Any other reader comes back as it is.
std::unique_ptr<CountsReader> tell_by_names(std::unique_ptr<CountsReader> reader);

}  // namespace plkd

#pragma once

#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

// Of a matrix as it is read: its genes, then cell by cell its name and its genes and values. The same for the same cells in another
// format or compression. Reads all cells once, by slices.
std::string digest_of(CountsReader& reader);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <memory>

#include "shared/counts/counts_reader.h"

namespace plkd {

// The cells as if only this share of their genes had been measured, drawn at random: the library is what is left.
std::unique_ptr<CountsReader> open_panel(std::unique_ptr<CountsReader> whole, double share, std::uint64_t seed);

}  // namespace plkd

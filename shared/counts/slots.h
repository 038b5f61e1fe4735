#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/counts/hdf5_file.h"

namespace plkd {

// One of the matrices that a file has of the same cells.
struct SlotInFile {
  std::string path;
  std::string slot;
  std::vector<std::string> all;
};

// Throws BadInput when `counts`, whose first cell is cell `first` of the file, has a negative value. Names the other slots,
// which may hold counts.
void refuse_negative(const CountMatrix& counts, std::int64_t first, const SlotInFile& slot);

[[noreturn]] void fail_without_slot(const hdf5::Group& root, const std::string& wanted, const std::vector<std::string>& all);

}  // namespace plkd

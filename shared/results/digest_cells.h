#pragma once

#include <cstdint>
#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/digest.h"

namespace plkd {

// The digest of a matrix as it is read: its genes, and proteins and peaks where there are any, then cell by cell its name and the numbers
// and values of these. The same for the same cells in another format or compression. Reads all cells once, a slice a step.
class CellsDigest {
 public:
  explicit CellsDigest(CountsReader& reader);

  void step();              // nothing when all is read
  double progress() const;  // 0 to 1
  std::string hex() const { return digest_.hex(); }

 private:
  CountsReader& reader_;
  Digest digest_;
  std::int64_t read_ = 0;  // cells
};

std::string digest_of(CountsReader& reader);

}  // namespace plkd

#pragma once

#include <optional>
#include <string>

namespace plkd {

// Paths of the three files that 10x writes for one matrix.
struct TenxFiles {
  std::string matrix;
  std::string genes;
  std::string barcodes;
};

// Finds them from the folder or archive that holds them or from the matrix file, in folders and in archives, gzip or not, and with what
// GEO puts before their names ("GSM5354513_matrix.mtx.gz"). Throws BadInput when there are several matrices or a file is missing.
TenxFiles find_tenx_files(const std::string& path);

// The matrix that a barcodes.tsv, features.tsv or genes.tsv lies beside; nothing when `path` is none of them or alone.
std::optional<std::string> matrix_beside(const std::string& path);

}  // namespace plkd

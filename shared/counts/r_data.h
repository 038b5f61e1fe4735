#pragma once

#include <string>

namespace plkd {

// True when the file is one of R's, as saveRDS or save write them: by the first bytes of its content behind gzip, or by its name
// where bzip2 or xz hide them.
bool is_r_data(const std::string& path, const std::string& content_start);

// R's files need R to be read: throws BadInput with the lines of R that write what we read, from a Seurat object or a
// SingleCellExperiment and without any other package.
[[noreturn]] void refuse_r_data(const std::string& path);

}  // namespace plkd

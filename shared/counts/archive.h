#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/counts/byte_source.h"

namespace plkd {

// A path into a zip, tar or tar.gz archive, as if it were a folder: "GSE1_RAW.tar/GSM1_matrix.mtx.gz".
struct ArchivePath {
  std::string archive;
  std::string inside;  // "GSM1_matrix.mtx.gz", or a folder; empty for the archive itself
};

// Nothing when no archive lies on the path. Archives are told by content and not by name.
std::optional<ArchivePath> find_archive(const std::string& path);

// Paths of the files at any depth in an archive, its own path included, without what macOS hides there ("._matrix.mtx").
std::vector<std::string> files_in(const std::string& archive);

// The text of a file on disk or in an archive, whatever of these: "matrix.mtx", "matrix.mtx.gz", "cells.zip/matrix.mtx.gz".
std::unique_ptr<ByteSource> open_bytes(const std::string& path);

}  // namespace plkd

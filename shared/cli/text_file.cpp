#include "shared/cli/text_file.h"

#include <utility>

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

namespace {

// T is zlib's mode for writing as it is.
const char* mode_of(const std::string& path) { return ends_with(path, ".gz") ? "wb6" : "wbT"; }

}  // namespace

TextFile::TextFile(const std::string& path) : path_(path), file_(gzopen(path.c_str(), mode_of(path))) {
  if (!file_) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the folder");
}

TextFile::~TextFile() {
  if (file_) gzclose(file_);
}

void TextFile::write(const std::string& text) {
  if (!text.empty() && gzwrite(file_, text.data(), static_cast<unsigned>(text.size())) <= 0)
    throw Error(ErrorKind::BadInput, path_ + ": cannot be written", "check the free space");
}

void TextFile::close() {
  if (gzclose(std::exchange(file_, nullptr)) != Z_OK)
    throw Error(ErrorKind::BadInput, path_ + ": cannot be written", "check the free space");
}

}  // namespace plkd

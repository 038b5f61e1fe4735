#pragma once

#include <string>

#include <zlib.h>

namespace plkd {

// A text written piece by piece, packed with gzip where its name ends in .gz. Replaces what is there. Throws BadInput when it cannot
// be written to its end; what is there then is no whole file.
class TextFile {
 public:
  explicit TextFile(const std::string& path);
  ~TextFile();
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  void write(const std::string& text);
  void close();  // to know that all was written

 private:
  std::string path_;
  gzFile file_ = nullptr;
};

}  // namespace plkd

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/counts/byte_source.h"

namespace plkd {

// A regular file in a tar archive.
struct TarMember {
  std::string name;
  std::int64_t begin = 0;  // of its bytes, in the archive without gzip
  std::int64_t size = 0;
};

bool is_tar(std::string_view start);  // the first 512 bytes of a file, without gzip

// The regular files of a tar archive, one after the other, gzip or not; a tar has no directory, so the way to a file leads past those
// before it. Own code, because what WebAssembly is built from has no library for it. Formats: POSIX.1-2001 "pax Interchange Format"
// (ustar within; path and size records) and GNU tar's manual, "Basic Tar Format" (long names, sizes in base 256).
class TarFiles {
 public:
  explicit TarFiles(const std::string& path);

  std::optional<TarMember> next();
  // The bytes of the file returned last; nothing more can be asked of this object.
  std::unique_ptr<ByteSource> open(const TarMember& member, const std::string& name) &&;

 private:
  std::optional<std::string> header();
  std::string content(std::int64_t size);
  void pass(std::int64_t size);
  void apply_pax(std::string_view records);
  [[noreturn]] void fail() const;

  std::string path_;
  std::unique_ptr<ByteSource> bytes_;
  std::int64_t position_ = 0;            // a multiple of 512
  std::string long_name_;                // for the next file, where given
  std::optional<std::int64_t> pax_size_;  // likewise
};

}  // namespace plkd

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/counts/byte_source.h"

namespace plkd {

// A file in a zip archive, as the archive's directory has it.
struct ZipMember {
  std::string name;
  std::int64_t header = 0;  // where its own header begins
  std::int64_t packed_size = 0;
  std::int64_t size = 0;
  std::uint32_t crc = 0;
  unsigned flags = 0;
  unsigned method = 0;
};

bool is_zip(std::string_view start);  // the first bytes of a file

// Reads zip archives, zip64 too, with files stored or deflated; the directory at the end is believed, as APPNOTE demands. Own code, because
// what WebAssembly is built from has zlib only. Format: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 to 4.5.
std::vector<ZipMember> zip_members(const std::string& path);
// The file's bytes, checked against the directory's checksum when its end is reached. Throws BadInput for other methods and encrypted files.
std::unique_ptr<ByteSource> open_zip_member(const std::string& path, const ZipMember& member, const std::string& name);

}  // namespace plkd

#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace plkd::test {

using Members = std::vector<std::pair<std::string, std::string>>;  // names and contents

inline std::string little_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, number >>= 8) text += static_cast<char>(number & 0xff);
  return text;
}

inline std::string deflated(const std::string& text, int level = 9) {
  std::string packed(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

struct ZipOptions {
  bool is_zip64 = false;
  unsigned method = 8;  // 0 stores; others are only said to be used
  unsigned flags = 0;
};

// A zip archive by APPNOTE 4.3.
inline std::string zip_of(const Members& members, const ZipOptions& options = {}) {
  constexpr std::uint64_t kIn64 = 0xffffffff;
  std::string files, directory;
  for (const auto& [name, text] : members) {
    const std::string packed = options.method == 8 ? deflated(text) : text;
    const std::uint64_t sizes[3] = {text.size(), packed.size(), files.size()};
    const std::string crc = little_endian(crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())), 4);
    std::string extra;
    if (options.is_zip64) {
      extra = little_endian(1, 2) + little_endian(24, 2);
      for (const std::uint64_t size : sizes) extra += little_endian(size, 8);
    }
    const auto shown = [&](std::uint64_t size) { return little_endian(options.is_zip64 ? kIn64 : size, 4); };
    const std::string common = little_endian(45, 2) + little_endian(options.flags, 2) + little_endian(options.method, 2) +
                               little_endian(0, 4) + crc + shown(sizes[1]) + shown(sizes[0]) + little_endian(name.size(), 2);
    directory += "PK\1\2" + little_endian(45, 2) + common + little_endian(extra.size(), 2) + little_endian(0, 10) +
                 shown(sizes[2]) + name + extra;
    files += "PK\3\4" + common + little_endian(0, 2) + name + packed;
  }
  std::string zip = files + directory;
  if (options.is_zip64) {
    zip += "PK\6\6" + little_endian(44, 8) + little_endian(45, 2) + little_endian(45, 2) + little_endian(0, 8) +
           little_endian(members.size(), 8) + little_endian(members.size(), 8) + little_endian(directory.size(), 8) +
           little_endian(files.size(), 8);
    zip += "PK\6\7" + little_endian(0, 4) + little_endian(files.size() + directory.size(), 8) + little_endian(1, 4);
  }
  const auto shown = [&](std::uint64_t size) { return little_endian(options.is_zip64 ? kIn64 : size, 4); };
  return zip + "PK\5\6" + little_endian(0, 4) + little_endian(members.size(), 2) + little_endian(members.size(), 2) +
         shown(directory.size()) + shown(files.size()) + little_endian(0, 2);
}

inline std::string padded(std::string text) {
  text.resize((text.size() + 511) / 512 * 512, '\0');
  return text;
}

// One file of a tar archive with its header; `magic` is "ustar\0" and "00" for POSIX, "ustar  \0" for GNU.
inline std::string tar_entry(const std::string& name, char type, const std::string& content,
                             const std::string& magic = std::string("ustar\0" "00", 8)) {
  std::string header(512, '\0');
  char number[16];
  header.replace(0, std::min<std::size_t>(100, name.size()), name, 0, 100);
  header.replace(100, 7, "0000644");
  std::snprintf(number, sizeof number, "%011lo", static_cast<unsigned long>(content.size()));
  header.replace(124, 11, number);
  header.replace(148, 8, "        ");
  header[156] = type;
  header.replace(257, 8, magic);
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  std::snprintf(number, sizeof number, "%06o", sum);
  header.replace(148, 7, std::string(number) + '\0');
  return header + padded(content);
}

inline std::string tar_of(const Members& members) {
  std::string tar;
  for (const auto& [name, text] : members) tar += tar_entry(name, '0', text);
  return tar + std::string(1024, '\0');
}

// A record of a pax header; its length counts its own digits.
inline std::string pax_record(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

}  // namespace plkd::test

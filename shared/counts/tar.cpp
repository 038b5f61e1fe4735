#include "shared/counts/tar.h"

#include <algorithm>
#include <utility>

#include "shared/counts/inflated_bytes.h"
#include "shared/error.h"

namespace plkd {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::int64_t kMostMetadata = 1 << 20;  // of one file; real ones have some hundred bytes
constexpr std::int64_t kMostSize = std::int64_t{1} << 53;

std::string_view field(std::string_view header, std::size_t begin, std::size_t size) {
  const std::string_view bytes = header.substr(begin, size);
  return bytes.substr(0, bytes.find('\0'));
}

// Digits in octal between spaces; -1 for anything else.
std::int64_t octal(std::string_view text) {
  std::int64_t number = 0;
  bool has_digits = false;
  for (const char digit : text) {
    if (digit == ' ' && has_digits) break;
    if (digit == ' ') continue;
    if (digit < '0' || digit > '7') return -1;
    number = 8 * number + (digit - '0');
    has_digits = true;
  }
  return has_digits ? number : -1;
}

// GNU tar writes what is too large for octal as a number in base 256 behind a byte with the first bit set.
std::int64_t size_of(std::string_view header) {
  const std::string_view bytes = header.substr(124, 12);
  if (static_cast<unsigned char>(bytes[0]) != 0x80) return octal(field(header, 124, 12));
  std::int64_t size = 0;
  for (const char byte : bytes.substr(1)) {
    if (size > kMostSize) return -1;
    size = 256 * size + static_cast<unsigned char>(byte);
  }
  return size;
}

bool has_checksum(std::string_view header) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
  return octal(field(header, 148, 8)) == sum;
}

std::string name_of(std::string_view header) {
  const std::string name(field(header, 0, 100));
  const bool is_posix = header.substr(257, 6) == std::string_view("ustar\0", 6);  // GNU's own format has other things there
  const std::string prefix(is_posix ? field(header, 345, 155) : std::string_view());
  return prefix.empty() ? name : prefix + "/" + name;
}

bool is_zero(std::string_view block) { return block.find_first_not_of('\0') == std::string_view::npos; }

std::int64_t in_whole_blocks(std::int64_t size) {
  constexpr auto kSize = static_cast<std::int64_t>(kBlock);
  return (size + kSize - 1) / kSize * kSize;
}

}  // namespace

bool is_tar(std::string_view start) { return start.size() >= kBlock && !is_zero(start.substr(0, 100)) && has_checksum(start); }

TarFiles::TarFiles(const std::string& path)
    : path_(path), bytes_(without_gzip(std::make_unique<FileBytes>(path), path)) {}

std::optional<TarMember> TarFiles::next() {
  while (const std::optional<std::string> block = header()) {
    const std::int64_t size = pax_size_ ? *std::exchange(pax_size_, std::nullopt) : size_of(*block);
    if (size < 0 || size > kMostSize) fail();
    const char type = (*block)[156];
    if (type == 'x') {
      apply_pax(content(size));
    } else if (type == 'L') {
      long_name_ = content(size);
      long_name_ = long_name_.substr(0, long_name_.find('\0'));
    } else {
      TarMember member{long_name_.empty() ? name_of(*block) : std::exchange(long_name_, ""), position_, size};
      pass(size);
      if (type == '0' || type == '\0') return member;
    }
  }
  return std::nullopt;
}

std::unique_ptr<ByteSource> TarFiles::open(const TarMember& member, const std::string& name) && {
  return std::make_unique<PartOfBytes>(std::move(bytes_), member.begin, member.size, name);
}

// The next header; nothing at the end, which zeros mark, or nothing where they were left away.
std::optional<std::string> TarFiles::header() {
  std::string block(kBlock, '\0');
  const std::size_t got = read_fully(*bytes_, block);
  position_ += static_cast<std::int64_t>(kBlock);
  const bool is_end = got == kBlock && is_zero(block);
  // To the end of what gzip packed, where its checksum is.
  while (is_end && bytes_->read(block) > 0) continue;
  if (is_end || got == 0) return std::nullopt;
  if (got < kBlock || !has_checksum(block)) fail();
  return block;
}

std::string TarFiles::content(std::int64_t size) {
  if (size > kMostMetadata) fail();
  std::string bytes(static_cast<std::size_t>(in_whole_blocks(size)), '\0');
  if (read_fully(*bytes_, bytes) != bytes.size()) fail();
  position_ += static_cast<std::int64_t>(bytes.size());
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

// Reads the last byte, because one can go beyond the end of a file that was cut short and never notice.
void TarFiles::pass(std::int64_t size) {
  if (size == 0) return;
  char last = 0;
  bytes_->seek(position_ + size - 1);
  if (bytes_->read(std::span(&last, 1)) == 0) fail();
  position_ += in_whole_blocks(size);
  bytes_->seek(position_);
}

// Records "LENGTH KEY=VALUE\n".
void TarFiles::apply_pax(std::string_view records) {
  while (!records.empty()) {
    std::size_t length = 0;
    std::size_t at = 0;
    for (; at < records.size() && records[at] >= '0' && records[at] <= '9' && at < 8; ++at)
      length = 10 * length + static_cast<std::size_t>(records[at] - '0');
    const std::size_t equals = records.find('=');
    if (length > records.size() || equals <= at || equals + 2 > length) fail();
    const std::string_view key = records.substr(at + 1, equals - at - 1);
    const std::string_view value = records.substr(equals + 1, length - equals - 2);
    if (key == "path") long_name_ = value;
    if (key == "size") {
      std::int64_t size = 0;
      for (const char digit : value) size = digit < '0' || digit > '9' || size > kMostSize ? kMostSize + 1 : 10 * size + (digit - '0');
      pax_size_ = size;
    }
    records.remove_prefix(length);
  }
}

void TarFiles::fail() const {
  throw Error(ErrorKind::BadInput, path_ + ": the tar archive is damaged or cut short", "copy or download it again");
}

}  // namespace plkd

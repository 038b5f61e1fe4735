#include "shared/counts/zip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "shared/counts/inflated_bytes.h"
#include "shared/error.h"

namespace plkd {
namespace {

constexpr std::int64_t kEndSize = 22;
constexpr std::int64_t kLongestComment = 0xffff;
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kLocalSize = 30;
constexpr std::uint64_t kIn64 = 0xffffffff;  // the true value stands in a zip64 record

[[noreturn]] void fail_damaged(const std::string& name) {
  throw Error(ErrorKind::BadInput, name + ": the zip archive is damaged or cut short", "copy or download it again");
}

// A number of the archive: least significant byte first.
std::uint64_t number_at(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes; i-- > 0;) number = number << 8 | static_cast<unsigned char>(text[at + i]);
  return number;
}

bool has_signature(std::string_view text, const char* two) {
  return text.size() >= 4 && text[0] == 'P' && text[1] == 'K' && text[2] == two[0] && text[3] == two[1];
}

// `size` bytes of the archive at `at`, both as the archive claims; at most `size` of them are ever asked for.
class ZipFile {
 public:
  explicit ZipFile(const std::string& path) : path_(path), file_(path), size_(file_.size()) {}

  std::int64_t size() const { return size_; }
  [[noreturn]] void fail() const { fail_damaged(path_); }

  std::int64_t place(std::uint64_t claimed) const {
    if (claimed > static_cast<std::uint64_t>(size_)) fail();
    return static_cast<std::int64_t>(claimed);
  }

  std::string read(std::int64_t at, std::size_t size) {
    if (at < 0 || static_cast<std::int64_t>(size) > size_ - at) fail();
    std::string bytes(size, '\0');
    file_.seek(at);
    if (read_fully(file_, bytes) != size) fail();
    return bytes;
  }

 private:
  std::string path_;
  FileBytes file_;
  std::int64_t size_;
};

struct Directory {
  std::int64_t begin = 0;
  std::int64_t size = 0;
};

// 4.3.16: the record at the very end, in front of a comment; 4.3.14 and 4.3.15 where it does not suffice.
Directory find_directory(ZipFile& zip) {
  const std::int64_t tail_size = std::min(zip.size(), kEndSize + kLongestComment);
  const std::int64_t tail_begin = zip.size() - tail_size;
  const std::string tail = zip.read(tail_begin, static_cast<std::size_t>(tail_size));
  std::int64_t at = tail_size - kEndSize;
  while (at >= 0 && !has_signature(std::string_view(tail).substr(static_cast<std::size_t>(at)), "\5\6")) --at;
  if (at < 0) zip.fail();
  const std::uint64_t size = number_at(tail, static_cast<std::size_t>(at) + 12, 4);
  const std::uint64_t begin = number_at(tail, static_cast<std::size_t>(at) + 16, 4);
  if (size != kIn64 && begin != kIn64) return {zip.place(begin), zip.place(size)};
  const std::string locator = zip.read(tail_begin + at - 20, 20);
  if (!has_signature(locator, "\6\7")) zip.fail();
  const std::string end = zip.read(zip.place(number_at(locator, 8, 8)), 56);
  if (!has_signature(end, "\6\6")) zip.fail();
  return {zip.place(number_at(end, 48, 8)), zip.place(number_at(end, 40, 8))};
}

// 4.5.3: sizes and place that do not fit 32 bits, in this order and only those that are needed.
class Zip64Field {
 public:
  explicit Zip64Field(std::string_view extra) {
    while (extra.size() >= 4) {
      const auto size = static_cast<std::size_t>(number_at(extra, 2, 2));
      if (number_at(extra, 0, 2) == 1) field_ = extra.substr(4, size);
      extra.remove_prefix(std::min(extra.size(), 4 + size));
    }
  }

  std::uint64_t or_own(std::uint64_t value) {
    if (value != kIn64 || field_.size() < 8) return value;
    const std::uint64_t own = number_at(field_, 0, 8);
    field_.remove_prefix(8);
    return own;
  }

 private:
  std::string_view field_;
};

// 4.3.12
ZipMember member_of(ZipFile& zip, std::string_view fixed, std::string_view rest) {
  const auto name_size = static_cast<std::size_t>(number_at(fixed, 28, 2));
  Zip64Field wide(rest.substr(name_size, static_cast<std::size_t>(number_at(fixed, 30, 2))));
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  ZipMember member;
  member.name = rest.substr(0, name_size);
  std::replace(member.name.begin(), member.name.end(), '\\', '/');  // old archivers of Windows
  member.flags = static_cast<unsigned>(number_at(fixed, 8, 2));
  member.method = static_cast<unsigned>(number_at(fixed, 10, 2));
  member.crc = static_cast<std::uint32_t>(number_at(fixed, 16, 4));
  member.size = static_cast<std::int64_t>(std::min(kMost, wide.or_own(number_at(fixed, 24, 4))));
  member.packed_size = zip.place(wide.or_own(number_at(fixed, 20, 4)));
  member.header = zip.place(wide.or_own(number_at(fixed, 42, 4)));
  return member;
}

std::string method_name(unsigned method) {
  switch (method) {
    case 9: return "Deflate64";
    case 12: return "bzip2";
    case 14: return "LZMA";
    case 93: return "Zstandard";
    case 95: return "xz";
    default: return "method " + std::to_string(method);
  }
}

// Compares what was read with the directory, once it was read from start to end.
class CheckedBytes : public ByteSource {
 public:
  CheckedBytes(std::unique_ptr<ByteSource> bytes, const ZipMember& member, std::string name)
      : bytes_(std::move(bytes)), size_(member.size), expected_(member.crc), name_(std::move(name)) {}

  std::size_t read(std::span<char> bytes) override {
    const std::size_t got = bytes_->read(bytes);
    const std::int64_t end = position_ + static_cast<std::int64_t>(got);
    if (position_ <= checked_ && checked_ < end) {
      const auto fresh = bytes.first(got).last(static_cast<std::size_t>(end - checked_));
      crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(fresh.data()), fresh.size());
      checked_ = end;
    }
    const bool is_end = got == 0 && !bytes.empty() && checked_ == position_;
    if (checked_ > size_ || (is_end && (checked_ < size_ || crc_ != expected_))) fail_damaged(name_);
    position_ = end;
    return got;
  }

  void seek(std::int64_t offset) override {
    bytes_->seek(offset);
    position_ = offset;
  }

 private:
  std::unique_ptr<ByteSource> bytes_;
  std::int64_t size_;
  uLong expected_;
  std::string name_;
  std::int64_t position_ = 0;
  std::int64_t checked_ = 0;  // bytes from the start that crc_ is of
  uLong crc_ = 0;
};

}  // namespace

bool is_zip(std::string_view start) { return has_signature(start, "\3\4") || has_signature(start, "\5\6"); }

std::vector<ZipMember> zip_members(const std::string& path) {
  ZipFile zip(path);
  const Directory directory = find_directory(zip);
  std::vector<ZipMember> members;
  for (std::int64_t done = 0; done < directory.size;) {
    const std::string fixed = zip.read(directory.begin + done, kEntrySize);
    if (!has_signature(fixed, "\1\2")) zip.fail();
    const auto rest_size = static_cast<std::size_t>(number_at(fixed, 28, 2) + number_at(fixed, 30, 2));
    const std::string rest = zip.read(directory.begin + done + static_cast<std::int64_t>(kEntrySize), rest_size);
    members.push_back(member_of(zip, fixed, rest));
    done += static_cast<std::int64_t>(kEntrySize + rest_size + number_at(fixed, 32, 2));
  }
  return members;
}

std::unique_ptr<ByteSource> open_zip_member(const std::string& path, const ZipMember& member, const std::string& name) {
  constexpr const char* kUnpack = "unpack the archive and give the files inside";
  if (member.flags & 1) throw Error(ErrorKind::BadInput, name + ": the file is encrypted", kUnpack);
  if (member.method != 0 && member.method != 8)
    throw Error(ErrorKind::BadInput, name + ": packed with " + method_name(member.method) + ", which is not read", kUnpack);
  ZipFile zip(path);
  // 4.3.7: the file's own header repeats its name, and has other extra fields than the directory.
  const std::string local = zip.read(member.header, kLocalSize);
  if (!has_signature(local, "\3\4")) zip.fail();
  const std::int64_t begin = member.header + static_cast<std::int64_t>(kLocalSize + number_at(local, 26, 2) + number_at(local, 28, 2));
  std::unique_ptr<ByteSource> bytes =
      std::make_unique<PartOfBytes>(std::make_unique<FileBytes>(path), begin, member.packed_size, name);
  if (member.method == 8) bytes = std::make_unique<InflatedBytes>(std::move(bytes), Packing::Deflate, name);
  return std::make_unique<CheckedBytes>(std::move(bytes), member, name);
}

}  // namespace plkd

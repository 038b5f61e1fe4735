#include "shared/counts/byte_source.h"

#include <sys/types.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "shared/error.h"

namespace plkd {

nlohmann::json ByteSource::marks() const { return nullptr; }

void ByteSource::take_marks(const nlohmann::json&) {}

std::size_t read_fully(ByteSource& source, std::span<char> bytes) {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const std::size_t got = source.read(bytes.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

FileBytes::FileBytes(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rb"), std::fclose) {
  if (!file_) throw Error(ErrorKind::BadInput, path + ": the file cannot be opened", "check its name and permissions");
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // who reads has a large buffer already
}

std::size_t FileBytes::read(std::span<char> bytes) {
  const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), file_.get());
  if (std::ferror(file_.get())) throw Error(ErrorKind::BadInput, path_ + ": the file cannot be read", "is it a file, and the disk sound?");
  return got;
}

// off_t, because long is 32 bits in wasm.
void FileBytes::seek(std::int64_t offset) {
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0)
    throw Error(ErrorKind::BadInput, path_ + ": the file cannot be read again", "has it changed or gone?");
}

std::int64_t FileBytes::size() {
  if (fseeko(file_.get(), 0, SEEK_END) != 0)
    throw Error(ErrorKind::BadInput, path_ + ": the file has no end to go to", "give a file, not a pipe");
  return static_cast<std::int64_t>(ftello(file_.get()));
}

PartOfBytes::PartOfBytes(std::unique_ptr<ByteSource> whole, std::int64_t begin, std::int64_t size, std::string name)
    : whole_(std::move(whole)), begin_(begin), size_(size), name_(std::move(name)) {
  seek(0);
}

std::size_t PartOfBytes::read(std::span<char> bytes) {
  const std::int64_t left = std::max<std::int64_t>(0, size_ - position_);
  const auto wanted = static_cast<std::size_t>(std::min(left, static_cast<std::int64_t>(bytes.size())));
  if (wanted == 0) return 0;
  const std::size_t got = whole_->read(bytes.first(wanted));
  if (got == 0) throw Error(ErrorKind::BadInput, name_ + ": the archive ends within this file", "it was cut short: copy or download it again");
  position_ += static_cast<std::int64_t>(got);
  return got;
}

void PartOfBytes::seek(std::int64_t offset) {
  whole_->seek(begin_ + offset);
  position_ = offset;
}

nlohmann::json PartOfBytes::marks() const { return whole_->marks(); }

void PartOfBytes::take_marks(const nlohmann::json& marks) { whole_->take_marks(marks); }

}  // namespace plkd

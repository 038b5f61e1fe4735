#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

namespace plkd {

// The bytes of one file, wherever it lies: on disk, inside an archive, packed with gzip. Read in pieces, never whole.
// To add a packing: 1. implement this interface beside inflated_bytes.h, 2. use it in archive.cpp.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills `bytes` from its start and says how many came: 0 only at the end. Throws BadInput when the source is damaged.
  virtual std::size_t read(std::span<char> bytes) = 0;
  // Goes on at a place counted from the start. In what is packed that unpacks a piece: see inflated_bytes.h.
  virtual void seek(std::int64_t offset) = 0;

  // What makes coming back quick that was found out on the way, and how another source of the same bytes takes it: see inflated_bytes.h.
  // null where any place is reached at once.
  virtual nlohmann::json marks() const;
  virtual void take_marks(const nlohmann::json& marks);
};

// Reads until `bytes` is full or the source ends.
std::size_t read_fully(ByteSource& source, std::span<char> bytes);

// A file on disk.
class FileBytes : public ByteSource {
 public:
  explicit FileBytes(const std::string& path);

  std::size_t read(std::span<char> bytes) override;
  void seek(std::int64_t offset) override;
  std::int64_t size();  // the next read begins at the end

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// Bytes [begin, begin + size) of another source, as archives keep their files. `name` is for messages.
class PartOfBytes : public ByteSource {
 public:
  PartOfBytes(std::unique_ptr<ByteSource> whole, std::int64_t begin, std::int64_t size, std::string name);

  std::size_t read(std::span<char> bytes) override;
  void seek(std::int64_t offset) override;
  nlohmann::json marks() const override;
  void take_marks(const nlohmann::json& marks) override;

 private:
  std::unique_ptr<ByteSource> whole_;
  std::int64_t begin_;
  std::int64_t size_;
  std::int64_t position_ = 0;
  std::string name_;
};

}  // namespace plkd

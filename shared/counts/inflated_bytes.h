#pragma once

#include <zlib.h>

#include <memory>
#include <string>
#include <vector>

#include "shared/counts/byte_source.h"

namespace plkd {

enum class Packing {
  Gzip,     // RFC 1952, also several streams one after the other, as bgzip writes them
  Deflate,  // RFC 1951 alone, as zip keeps it
};

// What a packed source holds, unpacked piece by piece.
class InflatedBytes : public ByteSource {
 public:
  InflatedBytes(std::unique_ptr<ByteSource> packed, Packing packing, std::string name);
  ~InflatedBytes() override;
  InflatedBytes(const InflatedBytes&) = delete;
  InflatedBytes& operator=(const InflatedBytes&) = delete;

  std::size_t read(std::span<char> bytes) override;
  void seek(std::int64_t offset) override;

 private:
  void take_more();
  bool another_stream_follows();
  [[noreturn]] void fail() const;

  std::unique_ptr<ByteSource> packed_;
  Packing packing_;
  std::string name_;
  std::vector<char> input_;
  z_stream stream_ = {};
  bool is_at_end_ = false;
  std::int64_t position_ = 0;
};

// The source itself, or what it holds when its first bytes are gzip's.
std::unique_ptr<ByteSource> without_gzip(std::unique_ptr<ByteSource> source, const std::string& name);

}  // namespace plkd

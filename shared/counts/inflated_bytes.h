#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/counts/byte_source.h"

namespace plkd {

enum class Packing {
  Gzip,     // RFC 1952, also several streams one after the other, as bgzip writes them
  Deflate,  // RFC 1951 alone, as zip keeps it
};

// What a packed source holds, unpacked piece by piece. What is unpacked for the first time is marked on the way, so that coming back
// later begins at a mark and not at the start; marks are spread evenly and take at most 4 MB. Another source of the same bytes can take
// them over (`marks`, of whatever it lies in, too) and has them from its start.
class InflatedBytes : public ByteSource {
 public:
  InflatedBytes(std::unique_ptr<ByteSource> packed, Packing packing, std::string name);
  ~InflatedBytes() override;
  InflatedBytes(const InflatedBytes&) = delete;
  InflatedBytes& operator=(const InflatedBytes&) = delete;

  std::size_t read(std::span<char> bytes) override;
  void seek(std::int64_t offset) override;
  nlohmann::json marks() const override;
  void take_marks(const nlohmann::json& marks) override;

 private:
  // A place between two blocks of deflate, with all that inflate knows there. The first is the start.
  struct Mark {
    std::int64_t position = 0;    // bytes unpacked before it
    std::int64_t packed = 0;      // bytes of the source before it
    int bits = 0;                 // of the last of these that still belong behind it
    bool is_within_stream = false;
    std::uint32_t crc = 0;        // of the stream until here
    std::uint32_t length = 0;     // likewise, modulo 2^32
    std::vector<Bytef> window;    // what can be repeated
  };

  void refill();
  std::uint8_t next_byte();
  std::uint32_t next_number(int bytes);
  void begin_stream();
  void end_stream();
  bool another_stream_follows();
  void set_mark(int bits);
  void go_to(const Mark& mark);
  [[noreturn]] void fail() const;

  std::unique_ptr<ByteSource> packed_;
  Packing packing_;
  std::string name_;
  std::vector<char> input_;
  z_stream stream_ = {};
  std::int64_t taken_ = 0;  // bytes of the source that went into input_
  bool is_within_stream_ = false;
  bool is_at_end_ = false;
  std::uint32_t crc_ = 0;
  std::uint32_t length_ = 0;
  std::int64_t position_ = 0;
  std::vector<Mark> marks_;
  std::int64_t spacing_;  // bytes unpacked, from mark to mark
};

// The source itself, or what it holds when its first bytes are gzip's.
std::unique_ptr<ByteSource> without_gzip(std::unique_ptr<ByteSource> source, const std::string& name);

}  // namespace plkd

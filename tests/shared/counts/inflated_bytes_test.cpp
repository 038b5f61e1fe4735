#include "shared/counts/inflated_bytes.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/support/archives.h"
#include "tests/support/files.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

// A text so many times over, as if it were one file; counts what is read of it.
class RepeatedBytes : public ByteSource {
 public:
  RepeatedBytes(std::string text, std::int64_t times, std::int64_t& bytes_read)
      : text_(std::move(text)), size_(static_cast<std::int64_t>(text_.size()) * times), bytes_read_(bytes_read) {}

  std::size_t read(std::span<char> bytes) override {
    const auto size = static_cast<std::int64_t>(text_.size());
    const std::int64_t got = std::min({static_cast<std::int64_t>(bytes.size()), size_ - position_, size - position_ % size});
    std::copy_n(text_.data() + position_ % size, got, bytes.data());
    position_ += got;
    bytes_read_ += got;
    return static_cast<std::size_t>(got);
  }
  void seek(std::int64_t offset) override { position_ = offset; }

 private:
  std::string text_;
  std::int64_t size_;
  std::int64_t& bytes_read_;
  std::int64_t position_ = 0;
};

// Lines as a matrix has them, which gzip to about a quarter.
std::string lines_of(std::size_t bytes) {
  std::mt19937_64 rng(1);
  std::string text;
  for (int cell = 1; text.size() < bytes; ++cell)
    for (int gene = 1; gene < 3000; gene += 1 + static_cast<int>(rng() % 7))
      text += std::to_string(gene) + " " + std::to_string(cell) + " " + std::to_string(1 + rng() % 4) + "\n";
  return text;
}

std::string with_header(const std::string& header, const std::string& text) {
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
  return header + deflated(text, Z_BEST_SPEED) + little_endian(crc, 4) + little_endian(text.size(), 4);
}

std::string gzip_of(const std::string& text) { return with_header(std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10), text); }

// As bgzip does it: a stream for each piece.
std::string gzip_by_pieces(const std::string& text, std::size_t piece) {
  std::string packed;
  for (std::size_t at = 0; at < text.size(); at += piece) packed += gzip_of(text.substr(at, piece));
  return packed;
}

std::string read_at(ByteSource& bytes, std::int64_t offset, std::size_t size) {
  bytes.seek(offset);
  std::string text(size, '\0');
  text.resize(read_fully(bytes, text));
  return text;
}

std::string read_all(ByteSource& bytes) {
  std::string all, part(1 << 18, '\0');
  for (std::size_t got = bytes.read(part); got > 0; got = bytes.read(part)) all.append(part, 0, got);
  return all;
}

}  // namespace

TEST_CASE("what is packed reads the same at any place, whether it was passed before or not", "[unit]") {
  static const std::string text = lines_of(4 << 20);
  std::int64_t bytes_read = 0;
  const auto packed = [&](const std::string& bytes, Packing packing) {
    return InflatedBytes(std::make_unique<RepeatedBytes>(bytes, 1, bytes_read), packing, "cells");
  };
  const auto check = [](InflatedBytes bytes) {
    std::mt19937_64 rng(2);
    for (int round = 0; round < 2; ++round) {
      for (int look = 0; look < 20; ++look) {
        const std::size_t at = rng() % text.size();
        REQUIRE(read_at(bytes, static_cast<std::int64_t>(at), 1000) == text.substr(at, 1000));
      }
      bytes.seek(0);
      REQUIRE(read_all(bytes) == text);
      CHECK(read_all(bytes).empty());
    }
  };
  check(packed(gzip_of(text), Packing::Gzip));
  check(packed(gzip_by_pieces(text, 60000), Packing::Gzip));
  check(packed(gzip_of("") + gzip_by_pieces(text, 2 << 20) + "padding", Packing::Gzip));
  check(packed(deflated(text, Z_BEST_SPEED), Packing::Deflate));
}

TEST_CASE("coming back to a place unpacks a piece, not all before it", "[unit]") {
  const std::string text = lines_of(8 << 20), packed = gzip_of(text);
  std::int64_t bytes_read = 0;
  InflatedBytes bytes(std::make_unique<RepeatedBytes>(packed, 1, bytes_read), Packing::Gzip, "cells");
  REQUIRE(read_all(bytes).size() == text.size());
  const auto packed_size = static_cast<std::int64_t>(packed.size());
  CHECK(bytes_read == packed_size);
  // 256 kB from mark to mark, blocks that are not split, and what is read ahead: from the start it would be 4 times the file.
  for (std::int64_t back = 7; back >= 0; --back) read_at(bytes, back << 20, 1000);
  CHECK(bytes_read < 2 * packed_size);
  // Marks are as good to another who reads the same.
  std::int64_t bytes_of_other = 0;
  InflatedBytes other(std::make_unique<RepeatedBytes>(packed, 1, bytes_of_other), Packing::Gzip, "cells");
  other.take_marks(nlohmann::json::from_cbor(nlohmann::json::to_cbor(bytes.marks())));
  for (const std::int64_t place : {7, 3}) CHECK(read_at(other, place << 20, 1000) == text.substr(static_cast<std::size_t>(place) << 20, 1000));
  CHECK(bytes_of_other < packed_size / 2);
  CHECK(other.marks() == bytes.marks());
  // A long way forward is no reason to unpack what lies between.
  bytes_read = 0;
  read_at(bytes, 0, 1000);
  read_at(bytes, 7 << 20, 1000);
  CHECK(bytes_read < packed_size / 2);
}

TEST_CASE("a file of any size has marks all over, and not too many", "[unit]") {
  constexpr std::int64_t kTimes = 300;
  const std::string text = lines_of(1 << 20).substr(0, 1 << 20), packed = gzip_of(text);
  std::int64_t bytes_read = 0;
  InflatedBytes bytes(std::make_unique<RepeatedBytes>(packed, kTimes, bytes_read), Packing::Gzip, "cells");
  bytes.seek(kTimes << 20);
  CHECK(read_all(bytes).empty());
  for (const std::int64_t place : {299, 12, 150, 270, 60, 3}) {
    bytes_read = 0;
    REQUIRE(read_at(bytes, (place << 20) + 500'000, 1000) == text.substr(500'000, 1000));
    CHECK(bytes_read <= 6 * static_cast<std::int64_t>(packed.size()));  // 4 MB from mark to mark
  }
}

TEST_CASE("damage is noticed behind a mark, too", "[unit]") {
  const std::string text = lines_of(3 << 20);
  std::string packed = gzip_of(text);
  packed[packed.size() - 6] ^= 1;  // the checksum
  std::int64_t bytes_read = 0;
  InflatedBytes bytes(std::make_unique<RepeatedBytes>(packed, 1, bytes_read), Packing::Gzip, "cells.gz");
  CHECK_THAT(error_of([&] { read_all(bytes); }), Contains("cells.gz: the gzip file is damaged or cut short"));
  CHECK(read_at(bytes, 2 << 20, 1000) == text.substr(2 << 20, 1000));
  CHECK_THAT(error_of([&] { read_all(bytes); }), Contains("damaged or cut short"));
}

TEST_CASE("a header may say more, and must say what we know", "[unit]") {
  const auto read = [](const std::string& packed) {
    std::int64_t bytes_read = 0;
    InflatedBytes bytes(std::make_unique<RepeatedBytes>(packed, 1, bytes_read), Packing::Gzip, "cells.gz");
    return read_all(bytes);
  };
  const std::string all = std::string("\x1f\x8b\x08\x1f\0\0\0\0\0\xff", 10) + std::string("\3\0abc", 5) + std::string("name\0words\0", 11) + "cc";
  CHECK(read(with_header(all, "text")) == "text");
  for (const char* wrong : {"\x1f\x8b\x07\0\0\0\0\0\0\xff", "\x1f\x8b\x08\x20\0\0\0\0\0\xff"})
    CHECK_THAT(error_of([&] { read(with_header(std::string(wrong, 10), "text")); }), Contains("damaged"));
  const std::string whole = gzip_of("text");
  for (std::size_t size = 2; size < whole.size(); ++size) CHECK_THAT(error_of([&] { read(whole.substr(0, size)); }), Contains("cut short"));
}

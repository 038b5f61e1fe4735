#include "shared/counts/inflated_bytes.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "shared/error.h"

namespace plkd {
namespace {

constexpr std::size_t kInput = std::size_t{1} << 16;
constexpr std::size_t kWindow = std::size_t{1} << 15;  // how far back deflate repeats
constexpr std::size_t kMostMarks = 128;
constexpr std::int64_t kClosestMarks = 1 << 18;
constexpr unsigned char kGzip[2] = {0x1f, 0x8b};

bool is_gzip(const char* bytes) {
  return static_cast<unsigned char>(bytes[0]) == kGzip[0] && static_cast<unsigned char>(bytes[1]) == kGzip[1];
}

}  // namespace

InflatedBytes::InflatedBytes(std::unique_ptr<ByteSource> packed, Packing packing, std::string name)
    : packed_(std::move(packed)), packing_(packing), name_(std::move(name)), input_(kInput), marks_(1), spacing_(kClosestMarks) {
  constexpr int kNoHeader = -15;  // gzip's header and checksum are read here: inflate cannot begin again within a stream that has them
  if (inflateInit2(&stream_, kNoHeader) != Z_OK) throw Error(ErrorKind::Internal, "zlib cannot be started");
}

InflatedBytes::~InflatedBytes() { inflateEnd(&stream_); }

std::size_t InflatedBytes::read(std::span<char> bytes) {
  std::size_t got = 0;
  while (got == 0 && !is_at_end_ && !bytes.empty()) {
    if (!is_within_stream_) begin_stream();
    refill();
    stream_.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_out = static_cast<uInt>(bytes.size());
    const int status = inflate(&stream_, Z_BLOCK);
    got = bytes.size() - stream_.avail_out;
    if (packing_ == Packing::Gzip) crc_ = libdeflate_crc32(crc_, bytes.data(), got);
    length_ += static_cast<std::uint32_t>(got);
    position_ += static_cast<std::int64_t>(got);
    constexpr int kBits = 7, kLastBlock = 64, kBetweenBlocks = 128;
    if (status == Z_STREAM_END) end_stream();
    else if (status != Z_OK) fail();
    else if ((stream_.data_type & (kLastBlock | kBetweenBlocks)) == kBetweenBlocks) set_mark(stream_.data_type & kBits);
  }
  return got;
}

// Nothing more comes at the end, which inflate notices.
void InflatedBytes::refill() {
  if (stream_.avail_in > 0) return;
  const std::size_t got = packed_->read(input_);
  taken_ += static_cast<std::int64_t>(got);
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(got);
}

std::uint8_t InflatedBytes::next_byte() {
  refill();
  if (stream_.avail_in == 0) fail();
  --stream_.avail_in;
  return *stream_.next_in++;
}

// The lowest byte comes first.
std::uint32_t InflatedBytes::next_number(int bytes) {
  std::uint32_t number = 0;
  for (int byte = 0; byte < bytes; ++byte) number |= std::uint32_t{next_byte()} << (8 * byte);
  return number;
}

// RFC 1952, 2.3: the header's fields.
void InflatedBytes::begin_stream() {
  if (packing_ == Packing::Gzip) {
    constexpr std::uint32_t kChecked = 2, kExtra = 4, kNamed = 8, kCommented = 16, kReserved = 0xe0, kDeflated = 8;
    const auto pass = [this](std::uint32_t bytes) {
      while (bytes-- > 0) next_byte();
    };
    const auto pass_text = [this] {
      while (next_byte() != 0) continue;
    };
    for (const unsigned char sign : kGzip)
      if (next_byte() != sign) fail();
    const std::uint32_t method = next_byte(), flags = next_byte();
    if (method != kDeflated || (flags & kReserved) != 0) fail();
    pass(6);  // time, level, system
    if (flags & kExtra) pass(next_number(2));
    if (flags & kNamed) pass_text();
    if (flags & kCommented) pass_text();
    if (flags & kChecked) pass(2);
  }
  inflateReset(&stream_);
  is_within_stream_ = true;
  crc_ = 0;
  length_ = 0;
  set_mark(0);
}

void InflatedBytes::end_stream() {
  is_within_stream_ = false;
  if (packing_ == Packing::Gzip && (next_number(4) != crc_ || next_number(4) != length_)) fail();
  is_at_end_ = !another_stream_follows();
}

// Other bytes behind a stream are padding, which gzip ignores, too.
bool InflatedBytes::another_stream_follows() {
  if (packing_ == Packing::Deflate) return false;
  std::copy(stream_.next_in, stream_.next_in + stream_.avail_in, input_.data());
  const std::size_t left = stream_.avail_in;
  const std::size_t more = left >= 2 ? 0 : read_fully(*packed_, std::span(input_).subspan(left));
  taken_ += static_cast<std::int64_t>(more);
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(left + more);
  return left + more >= 2 && is_gzip(input_.data());
}

// Does nothing near the last mark. Of too many marks every other one goes, and from then on they are twice as far apart.
void InflatedBytes::set_mark(int bits) {
  if (position_ < marks_.back().position + spacing_) return;
  std::array<Bytef, kWindow> window;
  uInt size = 0;
  if (inflateGetDictionary(&stream_, window.data(), &size) != Z_OK) throw Error(ErrorKind::Internal, "zlib does not tell its window");
  marks_.push_back({position_, taken_ - stream_.avail_in, bits, is_within_stream_, crc_, length_, {window.data(), window.data() + size}});
  if (marks_.size() <= kMostMarks) return;
  for (std::size_t kept = 1; 2 * kept < marks_.size(); ++kept) marks_[kept] = std::move(marks_[2 * kept]);
  marks_.resize((marks_.size() + 1) / 2);
  spacing_ *= 2;
}

void InflatedBytes::go_to(const Mark& mark) {
  taken_ = mark.packed - (mark.bits > 0 ? 1 : 0);
  packed_->seek(taken_);
  stream_.avail_in = 0;
  inflateReset(&stream_);
  if (mark.bits > 0) inflatePrime(&stream_, mark.bits, next_byte() >> (8 - mark.bits));
  if (!mark.window.empty()) inflateSetDictionary(&stream_, mark.window.data(), static_cast<uInt>(mark.window.size()));
  is_within_stream_ = mark.is_within_stream;
  is_at_end_ = false;
  crc_ = mark.crc;
  length_ = mark.length;
  position_ = mark.position;
}

void InflatedBytes::seek(std::int64_t offset) {
  const auto behind = std::upper_bound(marks_.begin(), marks_.end(), offset,
                                       [](std::int64_t position, const Mark& mark) { return position < mark.position; });
  const Mark& nearest = *(behind - 1);
  if (offset < position_ || position_ < nearest.position) go_to(nearest);
  std::array<char, 16384> passed;
  while (position_ < offset) {
    const std::int64_t left = offset - position_;
    if (read(std::span(passed).first(static_cast<std::size_t>(std::min<std::int64_t>(left, passed.size())))) == 0) fail();
  }
}

nlohmann::json InflatedBytes::marks() const {
  nlohmann::json marks = nlohmann::json::array();
  for (const Mark& mark : marks_)
    marks.push_back({mark.position, mark.packed, mark.bits, mark.is_within_stream, mark.crc, mark.length, nlohmann::json::binary(mark.window)});
  return {{"marks", std::move(marks)}, {"spacing", spacing_}, {"packed", packed_->marks()}};
}

void InflatedBytes::take_marks(const nlohmann::json& marks) {
  marks_.clear();
  for (const nlohmann::json& mark : marks.at("marks"))
    marks_.push_back({mark.at(0), mark.at(1), mark.at(2), mark.at(3), mark.at(4), mark.at(5), mark.at(6).get_binary()});
  marks.at("spacing").get_to(spacing_);
  packed_->take_marks(marks.at("packed"));
}

void InflatedBytes::fail() const {
  const std::string kind = packing_ == Packing::Gzip ? "the gzip file" : "what the zip archive holds";
  throw Error(ErrorKind::BadInput, name_ + ": " + kind + " is damaged or cut short", "copy or download it again");
}

std::unique_ptr<ByteSource> without_gzip(std::unique_ptr<ByteSource> source, const std::string& name) {
  std::array<char, 2> start{};
  const std::size_t got = read_fully(*source, start);
  source->seek(0);
  if (got < start.size() || !is_gzip(start.data())) return source;
  return std::make_unique<InflatedBytes>(std::move(source), Packing::Gzip, name);
}

}  // namespace plkd

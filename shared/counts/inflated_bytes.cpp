#include "shared/counts/inflated_bytes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/error.h"

namespace plkd {
namespace {

constexpr std::size_t kInput = std::size_t{1} << 16;
constexpr unsigned char kGzip[2] = {0x1f, 0x8b};

bool is_gzip(const char* bytes) {
  return static_cast<unsigned char>(bytes[0]) == kGzip[0] && static_cast<unsigned char>(bytes[1]) == kGzip[1];
}

// zlib's way of choosing: 15 bits of window, 16 more for gzip's header, negative for none.
int window_bits(Packing packing) { return packing == Packing::Gzip ? 15 + 16 : -15; }

}  // namespace

InflatedBytes::InflatedBytes(std::unique_ptr<ByteSource> packed, Packing packing, std::string name)
    : packed_(std::move(packed)), packing_(packing), name_(std::move(name)), input_(kInput) {
  if (inflateInit2(&stream_, window_bits(packing_)) != Z_OK) throw Error(ErrorKind::Internal, "zlib cannot be started");
}

InflatedBytes::~InflatedBytes() { inflateEnd(&stream_); }

std::size_t InflatedBytes::read(std::span<char> bytes) {
  if (bytes.empty()) return 0;
  stream_.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream_.avail_out = static_cast<uInt>(bytes.size());
  while (!is_at_end_ && stream_.avail_out == bytes.size()) {
    take_more();
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END)
      is_at_end_ = !another_stream_follows();
    else if (status != Z_OK)
      fail();
  }
  const std::size_t got = bytes.size() - stream_.avail_out;
  position_ += static_cast<std::int64_t>(got);
  return got;
}

void InflatedBytes::take_more() {
  if (stream_.avail_in > 0) return;
  const std::size_t got = packed_->read(input_);
  if (got == 0) fail();
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(got);
}

// Other bytes behind a stream are padding, which gzip ignores, too.
bool InflatedBytes::another_stream_follows() {
  if (packing_ == Packing::Deflate) return false;
  std::copy(stream_.next_in, stream_.next_in + stream_.avail_in, input_.data());
  const std::size_t left = stream_.avail_in;
  const std::size_t have = left >= 2 ? left : left + read_fully(*packed_, std::span(input_).subspan(left));
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(have);
  return have >= 2 && is_gzip(input_.data()) && inflateReset(&stream_) == Z_OK;
}

void InflatedBytes::seek(std::int64_t offset) {
  if (offset < position_) {
    packed_->seek(0);
    inflateReset(&stream_);
    stream_.avail_in = 0;
    is_at_end_ = false;
    position_ = 0;
  }
  std::array<char, 16384> passed;
  while (position_ < offset) {
    const std::int64_t left = offset - position_;
    if (read(std::span(passed).first(static_cast<std::size_t>(std::min<std::int64_t>(left, passed.size())))) == 0) fail();
  }
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

#include "shared/counts/hdf5_chunks.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

namespace plkd::hdf5 {
namespace {

constexpr std::size_t kLargest = std::size_t{8} << 20;  // bytes of a chunk; larger ones are HDF5's

// Number `at` of a chunk whose first bytes stand together, then its second bytes, and so on: planes of `length`.
template <typename From>
From shuffled_number(const std::uint8_t* bytes, std::size_t length, std::size_t at) {
  using Bits = std::conditional_t<sizeof(From) == 4, std::uint32_t, std::uint64_t>;
  Bits bits = 0;
  for (std::size_t plane = 0; plane < sizeof(From); ++plane) bits |= Bits{bytes[plane * length + at]} << (8 * plane);
  From number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

// As HDF5 does: what does not fit is clipped, not wrapped.
template <typename Number, typename From>
Number converted(From number) {
  if constexpr (std::is_same_v<From, std::int64_t> && std::is_same_v<Number, std::int32_t>) {
    using Limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(number, Limits::min(), Limits::max()));
  } else {
    return static_cast<Number>(number);
  }
}

}  // namespace

void Chunks::Release::operator()(libdeflate_decompressor* inflater) const { libdeflate_free_decompressor(inflater); }

Chunks::Chunks(hid_t dataset) : dataset_(dataset), inflater_(libdeflate_alloc_decompressor()) {
  if (!inflater_) throw std::bad_alloc();
  const hid_t creation = H5Dget_create_plist(dataset);
  hsize_t chunk = 0;
  const bool is_list = H5Pget_layout(creation) == H5D_CHUNKED && H5Pget_chunk(creation, 1, &chunk) == 1;
  if (is_list && understands_filters(creation)) stored_ = stored_type();
  H5Pclose(creation);
  element_bytes_ = stored_ == Stored::Int64 ? 8 : 4;
  if (chunk == 0 || chunk > kLargest / element_bytes_) stored_ = Stored::Unknown;
  else length_ = static_cast<std::size_t>(chunk);
}

Chunks::Stored Chunks::stored_type() const {
  const hid_t type = H5Dget_type(dataset_);
  Stored stored = Stored::Unknown;
  if (H5Tequal(type, H5T_IEEE_F32LE) > 0) stored = Stored::Float32;
  if (H5Tequal(type, H5T_STD_I32LE) > 0) stored = Stored::Int32;
  if (H5Tequal(type, H5T_STD_I64LE) > 0) stored = Stored::Int64;
  H5Tclose(type);
  return stored;
}

// None, gzip, or gzip of shuffled bytes.
bool Chunks::understands_filters(hid_t creation) {
  const int filters = H5Pget_nfilters(creation);
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t parameters = 0;
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &parameters, nullptr, 0, nullptr, &config);
    const bool is_last = i + 1 == filters;
    if (filter == H5Z_FILTER_DEFLATE && is_last) is_deflated_ = true;
    else if (filter == H5Z_FILTER_SHUFFLE && i == 0 && !is_last) is_shuffled_ = true;
    else return false;
  }
  return true;
}

bool Chunks::load(std::int64_t chunk) {
  if (chunk == loaded_) return true;
  loaded_ = -1;
  const hsize_t offset = static_cast<hsize_t>(chunk) * length_;
  const std::size_t size = length_ * element_bytes_;
  hsize_t stored = 0;
  if (H5Dget_chunk_storage_size(dataset_, &offset, &stored) < 0 || stored == 0) return false;
  if (is_deflated_ ? stored > compressBound(static_cast<uLong>(size)) : stored != size) return false;
  bytes_.resize(size);
  std::vector<std::uint8_t>& target = is_deflated_ ? packed_ : bytes_;
  target.resize(static_cast<std::size_t>(stored));
  std::uint32_t left_out = 0;  // filters
  if (H5Dread_chunk(dataset_, H5P_DEFAULT, &offset, &left_out, target.data()) < 0 || left_out != 0) return false;
  // It must be exactly as long, and its checksum right.
  if (is_deflated_ && libdeflate_zlib_decompress(inflater_.get(), packed_.data(), packed_.size(), bytes_.data(), size, nullptr) != LIBDEFLATE_SUCCESS)
    return false;
  loaded_ = chunk;
  return true;
}

template <typename From, typename Number>
void Chunks::restore(std::size_t first, std::span<Number> values) const {
  if (is_shuffled_) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = converted<Number>(shuffled_number<From>(bytes_.data(), length_, first + k));
    return;
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    From number;
    std::memcpy(&number, bytes_.data() + (first + k) * sizeof(From), sizeof number);
    values[k] = converted<Number>(number);
  }
}

template <typename Number, typename Restore>
bool Chunks::read_with(std::int64_t first, std::span<Number> values, Restore restore) {
  const auto length = static_cast<std::int64_t>(length_);
  while (!values.empty()) {
    if (!load(first / length)) return false;
    const auto begin = static_cast<std::size_t>(first % length);
    const std::size_t count = std::min(values.size(), length_ - begin);
    restore(begin, values.first(count));
    values = values.subspan(count);
    first += static_cast<std::int64_t>(count);
  }
  return true;
}

bool Chunks::read(std::int64_t first, std::span<float> values) {
  const auto with = [&](auto restore) { return read_with(first, values, restore); };
  switch (stored_) {
    case Stored::Float32: return with([this](std::size_t at, std::span<float> part) { restore<float>(at, part); });
    case Stored::Int32: return with([this](std::size_t at, std::span<float> part) { restore<std::int32_t>(at, part); });
    case Stored::Int64: return with([this](std::size_t at, std::span<float> part) { restore<std::int64_t>(at, part); });
    case Stored::Unknown: return false;
  }
  return false;
}

bool Chunks::read(std::int64_t first, std::span<std::int32_t> values) {
  const auto with = [&](auto restore) { return read_with(first, values, restore); };
  if (stored_ == Stored::Int32) return with([this](std::size_t at, std::span<std::int32_t> part) { restore<std::int32_t>(at, part); });
  if (stored_ == Stored::Int64) return with([this](std::size_t at, std::span<std::int32_t> part) { restore<std::int64_t>(at, part); });
  return false;
}

bool Chunks::read(std::int64_t first, std::span<std::int64_t> values) {
  if (stored_ != Stored::Int64) return false;
  return read_with(first, values, [this](std::size_t at, std::span<std::int64_t> part) { restore<std::int64_t>(at, part); });
}

}  // namespace plkd::hdf5

#include "shared/counts/lzf_filter.h"

#include <hdf5.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace plkd::hdf5 {
namespace {

constexpr H5Z_filter_t kLzf = 32000;
constexpr std::size_t kLargestChunk = std::size_t{1} << 31;

// One step of the stream. A control byte below 32 announces that many literal bytes and one; any other a copy of what
// was written before: its upper three bits the length less 2 (7: the next byte adds to it), its lower five and the next
// byte the distance less 1.
struct Run {
  std::size_t literal = 0;   // bytes to take from the stream, or
  std::size_t copied = 0;    // bytes to take from `distance` back in the output
  std::size_t distance = 0;
};

// Reads the control bytes at `at` and moves it behind them; nothing when the stream ends inside the run.
std::optional<Run> next_run(std::span<const std::uint8_t> in, std::size_t& at) {
  const std::size_t control = in[at++];
  if (control < 32) {
    if (control + 1 > in.size() - at) return std::nullopt;
    return Run{control + 1, 0, 0};
  }
  std::size_t length = control >> 5;
  if (in.size() - at < (length == 7 ? 2u : 1u)) return std::nullopt;
  if (length == 7) length += in[at++];
  return Run{0, length + 2, ((control & 31) << 8 | in[at++]) + 1};
}

// Size of what the stream unpacks to; nothing when it is damaged. The chunk size among the filter's parameters is not
// it: for text of variable length h5py counts pointers where the file holds longer references.
std::optional<std::size_t> unpacked_size(std::span<const std::uint8_t> in) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < in.size();) {
    const std::optional<Run> run = next_run(in, at);
    if (!run || run->distance > size || size > kLargestChunk) return std::nullopt;
    at += run->literal;
    size += run->literal + run->copied;
  }
  return size;
}

// `out` has room for unpacked_size(in), which has checked every run.
void unpack(std::span<const std::uint8_t> in, std::uint8_t* out) {
  for (std::size_t at = 0; at < in.size();) {
    const Run run = *next_run(in, at);
    std::memcpy(out, in.data() + at, run.literal);
    at += run.literal;
    out += run.literal;
    // Byte by byte: a copy may overlap what it writes.
    for (std::size_t i = 0; i < run.copied; ++i, ++out) *out = *(out - run.distance);
  }
}

// H5Z_func_t. The third parameter, where there is one, is the size of a chunk in bytes; shorter output is padded to it.
std::size_t filter(unsigned flags, std::size_t n_parameters, const unsigned* parameters, std::size_t size,
                   std::size_t* buffer_size, void** buffer) {
  const std::size_t chunk = n_parameters < 3 ? 0 : parameters[2];
  if (!(flags & H5Z_FLAG_REVERSE) || chunk > kLargestChunk) return 0;
  const std::span<const std::uint8_t> in(static_cast<const std::uint8_t*>(*buffer), size);
  const std::optional<std::size_t> unpacked = unpacked_size(in);
  if (!unpacked) return 0;
  const std::size_t room = std::max(*unpacked, chunk);
  auto* out = static_cast<std::uint8_t*>(H5allocate_memory(room, true));
  if (!out) return 0;
  unpack(in, out);
  H5free_memory(*buffer);
  *buffer = out;
  *buffer_size = room;
  return *unpacked;
}

}  // namespace

void register_lzf_filter() {
  if (H5Zfilter_avail(kLzf) > 0) return;
  const H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, kLzf, 0, 1, "lzf", nullptr, nullptr, filter};
  H5Zregister(&lzf);
}

}  // namespace plkd::hdf5

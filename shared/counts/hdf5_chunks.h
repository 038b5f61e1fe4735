#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct libdeflate_decompressor;

namespace plkd::hdf5 {

// The pieces in which a list of numbers is stored, taken past HDF5's own pipeline: gzip is undone as HDF5 does it, and then bytes are put
// in order and numbers converted in one pass instead of four. The piece read last is kept, so that none is unpacked for two
// slices in a row. What this does not know, and whatever is damaged, is left to HDF5, which says what is wrong.
class Chunks {
 public:
  explicit Chunks(hid_t dataset);

  // Elements [first, first + values.size()) of the list; false when HDF5 has to read them.
  bool read(std::int64_t first, std::span<float> values);
  bool read(std::int64_t first, std::span<std::int32_t> values);
  bool read(std::int64_t first, std::span<std::int64_t> values);
  bool read(std::int64_t, std::span<double>) { return false; }

 private:
  enum class Stored { Unknown, Float32, Int32, Int64 };

  Stored stored_type() const;
  bool understands_filters(hid_t creation);
  bool load(std::int64_t chunk);
  template <typename Number, typename Restore>
  bool read_with(std::int64_t first, std::span<Number> values, Restore restore);
  template <typename From, typename Number>
  void restore(std::size_t first, std::span<Number> values) const;

  struct Release {
    void operator()(libdeflate_decompressor* inflater) const;
  };

  hid_t dataset_;
  Stored stored_ = Stored::Unknown;
  bool is_deflated_ = false;
  bool is_shuffled_ = false;
  std::size_t length_ = 0;             // elements of a chunk
  std::size_t element_bytes_ = 0;
  std::int64_t loaded_ = -1;           // number of the chunk in bytes_
  std::unique_ptr<libdeflate_decompressor, Release> inflater_;
  std::vector<std::uint8_t> packed_;
  std::vector<std::uint8_t> bytes_;    // [length * element bytes], still shuffled
};

}  // namespace plkd::hdf5

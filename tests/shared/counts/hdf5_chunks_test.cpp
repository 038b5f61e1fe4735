#include "shared/counts/hdf5_file.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/files.h"

using namespace plkd;
using namespace plkd::test;

namespace {

enum class Filters { None, Gzip, ShuffledGzip, Checked };

// A list of 1,000 numbers in chunks of 64 of which the last is not full.
template <typename Number>
void write_list(const std::string& path, const std::vector<Number>& numbers, hid_t type, hid_t memory_type, Filters filters) {
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t length = numbers.size(), chunk = std::min<hsize_t>(64, length);
  const hid_t space = H5Screate_simple(1, &length, nullptr);
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(creation, 1, &chunk);
  if (filters == Filters::ShuffledGzip) H5Pset_shuffle(creation);
  if (filters != Filters::None) H5Pset_deflate(creation, 4);
  if (filters == Filters::Checked) H5Pset_fletcher32(creation);
  const hid_t list = H5Dcreate2(file, "list", type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dwrite(list, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
  H5Dclose(list);
  H5Pclose(creation);
  H5Sclose(space);
  H5Fclose(file);
}

std::vector<std::int64_t> some_numbers() {
  std::vector<std::int64_t> numbers(1000);
  for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = static_cast<std::int64_t>(k * k * 37 % 70001) - 300;
  return numbers;
}

template <typename Number>
std::vector<Number> part(const std::vector<std::int64_t>& numbers, std::size_t first, std::size_t count) {
  std::vector<Number> values;
  for (std::size_t k = first; k < first + count; ++k) values.push_back(static_cast<Number>(numbers[k]));
  return values;
}

}  // namespace

TEST_CASE("a list is read by any ranges, whatever its type and its filters", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "list.h5";
  const std::vector<std::int64_t> numbers = some_numbers();
  const Filters filters = GENERATE(Filters::None, Filters::Gzip, Filters::ShuffledGzip, Filters::Checked);
  const hid_t type = GENERATE(values<hid_t>({H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_I32LE, H5T_STD_I64LE, H5T_STD_I32BE}));
  write_list(path, numbers, type, H5T_NATIVE_INT64, filters);
  const hdf5::Dataset list = hdf5::open_file(path).dataset("list");
  constexpr std::array<std::array<std::size_t, 2>, 7> kRanges = {{{0, 1000}, {0, 1}, {63, 2}, {64, 64}, {10, 500}, {990, 10}, {5, 0}}};
  for (const auto& [first, count] : kRanges) {
    const auto [start, size] = std::array{static_cast<std::int64_t>(first), static_cast<std::int64_t>(count)};
    CHECK(list.read_floats(start, size) == part<float>(numbers, first, count));
    CHECK(list.read_int32(start, size) == part<std::int32_t>(numbers, first, count));
    CHECK(list.read_int64(start, size) == part<std::int64_t>(numbers, first, count));
    CHECK(list.read_doubles(start, size) == part<double>(numbers, first, count));
  }
}

TEST_CASE("numbers too large for 32 bits are clipped, not wrapped", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "list.h5";
  const std::vector<std::int64_t> numbers = {std::int64_t{1} << 40, -(std::int64_t{1} << 40), 7};
  write_list(path, numbers, H5T_STD_I64LE, H5T_NATIVE_INT64, Filters::ShuffledGzip);
  using Limits = std::numeric_limits<std::int32_t>;
  CHECK(hdf5::open_file(path).dataset("list").read_int32(0, 3) == std::vector<std::int32_t>{Limits::max(), Limits::min(), 7});
}

TEST_CASE("a chunk that is damaged anywhere is HDF5's to refuse", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "list.h5";
  write_list(path, some_numbers(), H5T_STD_I32LE, H5T_NATIVE_INT64, Filters::ShuffledGzip);
  hsize_t begin = 0, size = 0;
  {
    const hdf5::Dataset list = hdf5::open_file(path).dataset("list");
    hsize_t offset = 64;
    unsigned left_out = 0;
    haddr_t address = 0;
    REQUIRE(H5Dget_chunk_info_by_coord(list.id(), &offset, &left_out, &address, &size) >= 0);
    begin = address;
  }
  const std::string sound = read_file(path);
  for (hsize_t at = begin; at < begin + size; ++at) {
    std::string damaged = sound;
    damaged[static_cast<std::size_t>(at)] ^= 0x55;
    write_file(path, damaged);
    const hdf5::Dataset list = hdf5::open_file(path).dataset("list");
    CHECK(list.read_int32(0, 64) == part<std::int32_t>(some_numbers(), 0, 64));
    CHECK_THAT(error_of([&] { list.read_int32(64, 64); }), Catch::Matchers::Contains("'list' cannot be read (inflate() failed)"));
  }
}

TEST_CASE("what was never written reads as zeros", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "list.h5";
  {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t length = 200, chunk = 64;
    const hid_t space = H5Screate_simple(1, &length, nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 1, &chunk);
    H5Pset_deflate(creation, 4);
    H5Dclose(H5Dcreate2(file, "list", H5T_STD_I32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(file);
  }
  CHECK(hdf5::open_file(path).dataset("list").read_int32(0, 200) == std::vector<std::int32_t>(200, 0));
}

TEST_CASE("a list that was read and then grew is read anew", "[unit]") {
  const TemporaryFolder folder;
  const hdf5::Group root = hdf5::create_file(folder / "list.h5");
  hdf5::Dataset list = root.create_list("list", hdf5::Group::ListType::Int32);
  list.append(std::vector<std::int32_t>{1, 2});
  CHECK(list.read_int32(0, 2) == std::vector<std::int32_t>{1, 2});
  list.append(std::vector<std::int32_t>{3});
  CHECK(list.read_int32(0, 3) == std::vector<std::int32_t>{1, 2, 3});
}

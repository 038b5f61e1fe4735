#include "shared/counts/open_counts.h"

#include "shared/counts/delimited.h"
#include "shared/counts/h5ad.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/loom.h"
#include "shared/counts/mtx.h"
#include "shared/counts/r_data.h"
#include "shared/counts/tenx_h5.h"
#include "shared/error.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace plkd {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAccepted =
    "give an .h5ad, a 10x .h5 or a loom file, the folder with 10x matrix.mtx, barcodes.tsv and features.tsv, or a CSV or TSV of counts (plain or .gz)";
constexpr const char* kBzip2 = "BZh";

[[noreturn]] void fail(const std::string& path, const std::string& problem, const std::string& hint = kAccepted) {
  throw Error(ErrorKind::BadInput, path + ": " + problem, hint);
}

// The first bytes of the file's content, behind gzip where there is any.
std::string content_start(const std::string& path) {
  std::array<char, 64> bytes{};
  const gzFile file = gzopen(path.c_str(), "rb");
  if (!file) fail(path, "the file cannot be opened", "check its permissions");
  const int got = gzread(file, bytes.data(), bytes.size());
  gzclose(file);
  return std::string(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
}

bool starts_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

// No control characters but tabs and line ends. The first ten bytes of bzip2 are letters.
bool is_text(const std::string& start) {
  const auto is_allowed = [](char letter) { return static_cast<unsigned char>(letter) >= ' ' || letter == '\t' || letter == '\r' || letter == '\n'; };
  return !start.empty() && !starts_with(start, kBzip2) && std::all_of(start.begin(), start.end(), is_allowed);
}

std::unique_ptr<CountsReader> open_folder(const std::string& path) {
  for (const char* marker : {".zgroup", ".zattrs", "zarr.json"}) {
    if (fs::exists(fs::path(path) / marker)) {
      fail(path, "a zarr folder, which is not read", "write anndata.read_zarr(...).write_h5ad('cells.h5ad')");
    }
  }
  return open_mtx(path);
}

// Says what a file is that we do not read, so that the reader knows what to do with it.
[[noreturn]] void fail_by_content(const std::string& path, const std::string& start) {
  if (starts_with(start, "\x89HDF\r\n\x1a\n")) fail(path, "an HDF5 file packed with gzip", "unpack it with gunzip");
  if (is_r_data(path, start)) refuse_r_data(path);
  if (starts_with(start, kBzip2)) fail(path, "a file packed with bzip2", "unpack it with bunzip2");
  if (starts_with(start, "\xFD" "7zXZ")) fail(path, "a file packed with xz", "unpack it with unxz");
  if (starts_with(start, "PK\x03\x04")) fail(path, "a zip archive", "unpack it and give the files inside");
  if (starts_with(start, "\xFF\xFE") || starts_with(start, "\xFE\xFF")) fail(path, "text in UTF-16", "save it as UTF-8");
  std::error_code none;
  if (fs::file_size(path, none) == 0) fail(path, "the file is empty");
  fail(path, "neither HDF5, MatrixMarket nor a table of counts");
}

}  // namespace

std::unique_ptr<CountsReader> open_counts(const std::string& path, const OpenCountsOptions& options) {
  std::error_code none;
  if (!fs::exists(path, none)) fail(path, "there is no such file or folder", "check the path");
  const bool is_folder = fs::is_directory(path, none);
  if (!is_folder && hdf5::is_hdf5(path)) {
    const hdf5::Group root = hdf5::open_file(path);
    if (is_loom(root)) return open_loom(path, options);
    return is_tenx_h5(root) ? open_tenx_h5(path, options) : open_h5ad(path, options);
  }
  if (!options.slot.empty()) {
    fail(path, "a slot ('" + options.slot + "') was named, but only HDF5 files have slots", "leave the slot out");
  }
  if (is_folder) return open_folder(path);
  const std::string start = content_start(path);
  if (starts_with(start, "%%MatrixMarket") || starts_with(start, "%%matrixmarket")) return open_mtx(path);
  if (is_text(start) && !is_r_data(path, start)) return open_delimited(path);
  fail_by_content(path, start);
}

}  // namespace plkd

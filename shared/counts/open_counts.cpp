#include "shared/counts/open_counts.h"

#include "shared/counts/archive.h"
#include "shared/counts/delimited.h"
#include "shared/counts/h5ad.h"
#include "shared/counts/h5mu.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/loom.h"
#include "shared/counts/mtx.h"
#include "shared/counts/r_data.h"
#include "shared/counts/tell_by_names.h"
#include "shared/counts/tenx_files.h"
#include "shared/counts/tenx_h5.h"
#include "shared/error.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

namespace plkd {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAccepted =
    "give an .h5ad, a 10x .h5 or a loom file, the folder, .zip or .tar.gz with 10x matrix.mtx, barcodes.tsv and features.tsv, or a CSV or TSV of counts (plain or .gz)";
constexpr const char* kBzip2 = "BZh";

[[noreturn]] void fail(const std::string& path, const std::string& problem, const std::string& hint = kAccepted) {
  throw Error(ErrorKind::BadInput, path + ": " + problem, hint);
}

// The first bytes of the file's content, behind gzip where there is any.
std::string content_start(const std::string& path) {
  std::array<char, 64> bytes{};
  return std::string(bytes.data(), read_fully(*open_bytes(path), bytes));
}

bool starts_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

// No control characters but tabs and line ends. The first ten bytes of bzip2 are letters.
bool is_text(const std::string& start) {
  const auto is_allowed = [](char letter) { return static_cast<unsigned char>(letter) >= ' ' || letter == '\t' || letter == '\r' || letter == '\n'; };
  return !start.empty() && !starts_with(start, kBzip2) && std::all_of(start.begin(), start.end(), is_allowed);
}

std::unique_ptr<CountsReader> open_folder(const std::string& path, const OpenCountsOptions& options) {
  for (const char* marker : {".zgroup", ".zattrs", "zarr.json"}) {
    if (fs::exists(fs::path(path) / marker)) {
      fail(path, "a zarr folder, which is not read", "write anndata.read_zarr(...).write_h5ad('cells.h5ad')");
    }
  }
  return open_mtx(path, options.index);
}

// An archive, or a folder within one, whose files are `files`.
bool is_archive_folder(const std::string& path, const std::vector<std::string>& files) {
  return std::find(files.begin(), files.end(), path) == files.end();
}

// Says what a file is that we do not read, so that the reader knows what to do with it.
[[noreturn]] void fail_by_content(const std::string& path, const std::string& start) {
  if (starts_with(start, "\x89HDF\r\n\x1a\n"))
    fail(path, "an HDF5 file packed with gzip or in an archive, which cannot be read where it lies", "unpack it and give the file inside");
  if (is_r_data(path, start)) refuse_r_data(path);
  if (starts_with(start, kBzip2)) fail(path, "a file packed with bzip2", "unpack it with bunzip2");
  if (starts_with(start, "\xFD" "7zXZ")) fail(path, "a file packed with xz", "unpack it with unxz");
  if (starts_with(start, "\xFF\xFE") || starts_with(start, "\xFE\xFF")) fail(path, "text in UTF-16", "save it as UTF-8");
  if (start.empty()) fail(path, "the file is empty");
  fail(path, "neither HDF5, MatrixMarket nor a table of counts");
}

}  // namespace

std::unique_ptr<CountsReader> open_counts(const std::string& path, const OpenCountsOptions& options) {
  std::error_code none;
  const std::optional<ArchivePath> packed = find_archive(path);
  if (!packed && !fs::exists(path, none)) fail(path, "there is no such file or folder", "check the path");
  const bool is_folder = fs::is_directory(path, none);
  if (!packed && !is_folder && hdf5::is_hdf5(path)) {
    const hdf5::Group root = hdf5::open_file(path);
    if (is_loom(root)) return tell_by_names(open_loom(path, options));
    if (is_h5mu(root)) return open_h5mu(path, options);
    return is_tenx_h5(root) ? open_tenx_h5(path, options) : open_h5ad(path, options);
  }
  if (!options.slot.empty()) {
    fail(path, "a slot ('" + options.slot + "') was named, but only HDF5 files have slots", "leave the slot out");
  }
  if (is_folder) return open_folder(path, options);
  if (packed) {
    const std::vector<std::string> files = files_in(packed->archive);
    // A text alone is a table.
    if (packed->inside.empty() && files.size() == 1 && is_text(content_start(files.front()))) return open_counts(files.front(), options);
    if (is_archive_folder(path, files)) return open_mtx(path, options.index);
  }
  const std::string start = content_start(path);
  if (starts_with(start, "%%MatrixMarket") || starts_with(start, "%%matrixmarket")) return open_mtx(path, options.index);
  if (const std::optional<std::string> matrix = matrix_beside(path)) return open_mtx(*matrix, options.index);
  if (is_text(start) && !is_r_data(path, start)) return tell_by_names(open_delimited(path, options.index));
  fail_by_content(path, start);
}

}  // namespace plkd

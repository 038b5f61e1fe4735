#include "shared/counts/tenx_files.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "shared/counts/archive.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

constexpr const char* kMatrix = "matrix.mtx";
constexpr std::size_t kMostListed = 6;

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

bool contains(const Paths& paths, const std::string& path) { return std::find(paths.begin(), paths.end(), path) != paths.end(); }

// The files among which the others of a matrix can be: all of an archive, or those of one folder.
Paths files_around(const std::string& path) {
  if (const std::optional<ArchivePath> packed = find_archive(path)) return files_in(packed->archive);
  const fs::path folder = fs::is_directory(path) ? fs::path(path) : fs::path(path).parent_path();
  Paths files;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? fs::path(".") : folder))
    if (entry.is_regular_file()) files.push_back((folder / entry.path().filename()).string());
  return files;
}

// Of files that are there both with and without gzip, those without.
void drop_doubles(Paths& matrices) {
  const auto is_double = [&](const std::string& path) {
    return ends_with(path, ".gz") && contains(matrices, path.substr(0, path.size() - 3));
  };
  Paths kept;
  for (const std::string& path : matrices)
    if (!is_double(path)) kept.push_back(path);
  matrices = kept;
}

[[noreturn]] void fail_to_choose(const std::string& path, Paths matrices) {
  const std::string first = matrices.front();
  const std::size_t more = matrices.size() - std::min(matrices.size(), kMostListed);
  const std::string total = std::to_string(matrices.size());
  matrices.resize(matrices.size() - more);
  const std::string rest = more > 0 ? " and " + std::to_string(more) + " more" : "";
  throw Error(ErrorKind::BadInput, path + ": holds " + total + " matrices: " + quoted_list(matrices) + rest,
              "give one of them as the cells, such as '" + first + "', or put one with its two tables into a folder of its own");
}

// Something else that can be read, though not from where it lies.
[[noreturn]] void fail_without_matrix(const std::string& path, const Paths& files) {
  const std::string problem = path + ": holds no matrix.mtx (or .gz)";
  for (const std::string& file : files)
    for (const char* ending : {".h5ad", ".h5", ".zip", ".tar", ".tar.gz", ".tgz"})
      if (ends_with(file, ending))
        throw Error(ErrorKind::BadInput, problem + " but '" + file_name(file) + "'",
                    std::string(fs::is_directory(path) ? "give" : "unpack the archive and give") + " that file itself");
  throw Error(ErrorKind::BadInput, problem, "give the folder or the archive that holds matrix.mtx, barcodes.tsv and features.tsv");
}

// The one matrix below `path`; in a folder the one called so, whatever other .mtx there are.
std::string find_matrix(const std::string& path, const Paths& files) {
  Paths below, matrices;
  const std::string start = (fs::path(path) / "").string();
  for (const std::string& file : files) {
    if (file.rfind(start, 0) != 0) continue;
    below.push_back(file);
    if (ends_with(file, ".mtx") || ends_with(file, ".mtx.gz")) matrices.push_back(file);
  }
  if (matrices.empty()) fail_without_matrix(path, below);
  std::sort(matrices.begin(), matrices.end());
  drop_doubles(matrices);
  if (matrices.size() == 1) return matrices.front();
  for (const std::string& file : matrices)
    if (fs::is_directory(path) && file_name(file).rfind(kMatrix, 0) == 0) return file;
  fail_to_choose(path, matrices);
}

std::string find_beside(const std::string& matrix, const Paths& files, const std::vector<std::string>& names) {
  const std::string file = file_name(matrix);
  const std::size_t prefix = file.rfind(kMatrix);
  Paths prefixes = {""};
  if (prefix != std::string::npos) prefixes.insert(prefixes.begin(), file.substr(0, prefix));
  for (const std::string& start : prefixes) {
    for (const std::string& name : names) {
      for (const char* packing : {"", ".gz"}) {
        const std::string candidate = (fs::path(matrix).parent_path() / (start + name + packing)).string();
        if (contains(files, candidate)) return candidate;
      }
    }
  }
  throw Error(ErrorKind::BadInput, matrix + ": no " + names.front() + " (or .gz) lies beside the matrix",
              "10x writes matrix.mtx, barcodes.tsv and features.tsv together: put all three in one folder");
}

}  // namespace

TenxFiles find_tenx_files(const std::string& path) {
  const Paths files = files_around(path);
  TenxFiles found;
  found.matrix = (fs::path(path).parent_path() / file_name(path)).string();
  if (!contains(files, found.matrix)) found.matrix = find_matrix(path, files);
  found.genes = find_beside(found.matrix, files, {"features.tsv", "genes.tsv"});
  found.barcodes = find_beside(found.matrix, files, {"barcodes.tsv"});
  return found;
}

std::optional<std::string> matrix_beside(const std::string& path) {
  const std::string file = file_name(path);
  for (const char* table : {"barcodes.tsv", "features.tsv", "genes.tsv"}) {
    const std::size_t at = file.rfind(table);
    if (at == std::string::npos) continue;
    const Paths files = files_around(path);
    for (const char* packing : {"", ".gz"}) {
      const std::string matrix = (fs::path(path).parent_path() / (file.substr(0, at) + kMatrix + packing)).string();
      if (contains(files, matrix)) return matrix;
    }
  }
  return std::nullopt;
}

}  // namespace plkd

#include "shared/counts/archive.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include "shared/counts/inflated_bytes.h"
#include "shared/counts/tar.h"
#include "shared/counts/zip.h"
#include "shared/error.h"

namespace plkd {
namespace {

namespace fs = std::filesystem;

enum class Kind { None, Zip, Tar };

Kind kind_of(const std::string& file) {
  std::array<char, 512> start{};
  const auto bytes = without_gzip(std::make_unique<FileBytes>(file), file);
  const std::string_view text(start.data(), read_fully(*bytes, start));
  if (is_tar(text)) return Kind::Tar;
  return is_zip(text) ? Kind::Zip : Kind::None;
}

bool is_hidden(const std::string& name) {
  const fs::path path(name);
  return path.filename().empty() || path.filename().string().front() == '.' || *path.begin() == "__MACOSX";
}

// GNU tar names what was packed from "." so.
std::string without_dot(std::string name) { return name.rfind("./", 0) == 0 ? name.substr(2) : name; }

std::unique_ptr<ByteSource> open_member(const ArchivePath& path, const std::string& name) {
  if (kind_of(path.archive) == Kind::Zip) {
    for (const ZipMember& member : zip_members(path.archive))
      if (without_dot(member.name) == path.inside) return open_zip_member(path.archive, member, name);
  } else {
    TarFiles files(path.archive);
    while (const std::optional<TarMember> member = files.next())
      if (without_dot(member->name) == path.inside) return std::move(files).open(*member, name);
  }
  throw Error(ErrorKind::BadInput, path.archive + ": the archive holds no '" + path.inside + "'", "check the path");
}

}  // namespace

std::optional<ArchivePath> find_archive(const std::string& path) {
  std::error_code none;
  for (fs::path here(path); !here.empty() && here != here.parent_path(); here = here.parent_path()) {
    if (!fs::exists(here, none)) continue;
    const std::string archive = here.string();
    if (!fs::is_regular_file(here, none) || kind_of(archive) == Kind::None) return std::nullopt;
    return ArchivePath{archive, path.size() > archive.size() ? path.substr(archive.size() + 1) : ""};
  }
  return std::nullopt;
}

std::vector<std::string> files_in(const std::string& archive) {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& name) {
    if (!is_hidden(name)) paths.push_back(archive + "/" + without_dot(name));
  };
  if (kind_of(archive) == Kind::Zip) {
    for (const ZipMember& member : zip_members(archive)) add(member.name);
  } else {
    TarFiles files(archive);
    while (const std::optional<TarMember> member = files.next()) add(member->name);
  }
  return paths;
}

std::unique_ptr<ByteSource> open_bytes(const std::string& path) {
  if (const std::optional<ArchivePath> packed = find_archive(path); packed && !packed->inside.empty())
    return without_gzip(open_member(*packed, path), path);
  std::error_code none;
  auto file = std::make_unique<FileBytes>(path);
  // A pipe cannot be looked at twice.
  if (!fs::is_regular_file(path, none)) return file;
  return without_gzip(std::move(file), path);
}

}  // namespace plkd

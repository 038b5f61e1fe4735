#include "shared/simulate/profile.h"

#include "shared/error.h"
#include "shared/simulate/embedded_profiles.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace plkd {
namespace {

constexpr const char* kMagic = "# plkd profile 1";

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) fields.push_back(field);
  return fields;
}

// Turns the lines of a profile, one after the other, into a Profile.
class ProfileParser {
 public:
  explicit ProfileParser(const std::string& source) : source_(source) {}

  Profile parse(const std::string& text) {
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      ++line_;
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (line_ == 1 && line != kMagic) fail("no profile: the first line must be '" + std::string(kMagic) + "'");
      if (line_ == 1 || line.empty()) continue;
      if (line[0] == '#') {
        take_header(line);
      } else if (!has_columns_) {
        take_columns(line);
      } else {
        take_gene(line);
      }
    }
    if (names_.empty()) fail("the profile has no genes");
    profile_.genes = vocabulary_from_names(names_);
    return profile_;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorKind::BadInput, source_ + ":" + std::to_string(line_) + ": " + problem,
                "make a profile with plkd profile --cells REF.h5ad --labels COLUMN --out FILE.tsv");
  }

  double number(const std::string& text) const {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value >= 0 && value < 1e9)) fail("'" + text + "' is no amount");
    return value;
  }

  void take_header(const std::string& line) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) return;
    const std::string key = line.substr(2, colon - 2);
    const std::string value = line.substr(colon + 2);
    if (key == "name") profile_.name = value;
    if (key == "source") profile_.sources.push_back(value);
    if (key == "library_spread") profile_.library_spread = number(value);
    if (key == "type") take_type(value);
  }

  void take_type(const std::string& value) {
    const std::vector<std::string> fields = split(value, '\t');
    if (fields.size() != 4) fail("a type needs a name, an ontology id, a proportion and a library size");
    profile_.types.push_back({fields[0], fields[1], number(fields[2]), number(fields[3]), {}});
  }

  void take_columns(const std::string& line) {
    std::vector<std::string> expected = {"gene", "dispersion"};
    for (const TypeProfile& type : profile_.types) expected.push_back(type.name);
    if (profile_.types.empty()) fail("no '# type:' line stands before the table");
    if (split(line, '\t') != expected) fail("the columns are not gene, dispersion and the types in their order");
    has_columns_ = true;
  }

  void take_gene(const std::string& line) {
    const std::vector<std::string> fields = split(line, '\t');
    if (fields.size() != profile_.types.size() + 2) {
      fail(std::to_string(fields.size()) + " fields where " + std::to_string(profile_.types.size() + 2) +
           " are expected");
    }
    names_.push_back(fields[0]);
    profile_.dispersion.push_back(static_cast<float>(number(fields[1])));
    for (std::size_t type = 0; type < profile_.types.size(); ++type) {
      profile_.types[type].mean.push_back(static_cast<float>(number(fields[type + 2])));
    }
  }

  std::string source_;
  std::int64_t line_ = 0;
  bool has_columns_ = false;
  std::vector<std::string> names_;
  Profile profile_;
};

std::string rounded(double value, int digits = 3) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

bool ends_in_tsv(const std::string& name) { return name.size() >= 4 && name.substr(name.size() - 4) == ".tsv"; }

}  // namespace

Profile parse_profile(const std::string& text, const std::string& source) { return ProfileParser(source).parse(text); }

Profile read_profile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::BadInput, path + ": the profile cannot be opened", "check the path");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_profile(text.str(), path);
}

std::string format_profile(const Profile& profile) {
  std::string text = std::string(kMagic) + "\n# name: " + profile.name + "\n";
  for (const std::string& source : profile.sources) text += "# source: " + source + "\n";
  text += "# library_spread: " + rounded(profile.library_spread) + "\n";
  std::string columns = "gene\tdispersion";
  for (const TypeProfile& type : profile.types) {
    text += "# type: " + type.name + "\t" + type.ontology_id + "\t" + rounded(type.proportion) + "\t" +
            rounded(type.library_size, 4) + "\n";
    columns += "\t" + type.name;
  }
  text += columns + "\n";
  for (std::size_t gene = 0; gene < profile.dispersion.size(); ++gene) {
    text += name_of(profile.genes, gene);
    text += "\t" + rounded(profile.dispersion[gene]);
    for (const TypeProfile& type : profile.types) text += "\t" + rounded(type.mean[gene]);
    text += "\n";
  }
  return text;
}

void write_profile(const Profile& profile, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << format_profile(profile);
  file.close();
  if (!file) throw Error(ErrorKind::BadInput, path + ": the profile cannot be written", "check folder and disk space");
}

Profile built_in_profile(const std::string& name) {
  std::string known;
  for (const EmbeddedProfile& embedded : embedded_profiles()) {
    if (embedded.name != name) {
      known += (known.empty() ? "'" : ", '") + std::string(embedded.name) + "'";
      continue;
    }
    std::string text;
    for (const std::string_view part : embedded.parts) text += part;
    return parse_profile(text, "profile '" + name + "'");
  }
  throw Error(ErrorKind::BadInput, "there is no profile '" + name + "'",
              "known profiles are " + known + "; or give the path of a profile's .tsv file");
}

Profile find_profile(const std::string& name) {
  std::error_code none;
  if (ends_in_tsv(name) || std::filesystem::exists(name, none)) return read_profile(name);
  return built_in_profile(name);
}

}  // namespace plkd

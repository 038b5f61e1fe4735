#include "shared/ontology/read_obo.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/counts/text_lines.h"
#include "shared/error.h"

namespace plkd {

namespace {

// A term as the file has it: parents by id, since they may come later.
struct Stanza {
  std::int64_t line = 0;  // where it begins; 0 outside a [Term]
  std::string id;
  std::string name;
  std::vector<std::string> parents;
  bool is_obsolete = false;
};

// "is_a: CL:0000010 {source="x"} ! cultured cell" -> "CL:0000010"
std::string first_word(std::string_view value) {
  return std::string(value.substr(0, value.find_first_of(" \t{!")));
}

std::string trimmed(std::string_view value) {
  const std::size_t end = value.find_last_not_of(" \t");
  return end == std::string_view::npos ? "" : std::string(value.substr(0, end + 1));
}

void add_line(Stanza& term, std::string_view line) {
  const auto value_of = [&](std::string_view tag) -> std::optional<std::string_view> {
    if (line.substr(0, tag.size()) != tag) return std::nullopt;
    const std::string_view value = line.substr(tag.size());
    const std::size_t begin = value.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view{} : value.substr(begin);
  };
  if (const auto id = value_of("id:")) term.id = first_word(*id);
  if (const auto name = value_of("name:")) term.name = trimmed(*name);
  if (const auto parent = value_of("is_a:")) term.parents.push_back(first_word(*parent));
  if (const auto obsolete = value_of("is_obsolete:")) term.is_obsolete = first_word(*obsolete) == "true";
}

class Terms {
 public:
  explicit Terms(const std::string& path) : path_(path) {}

  void add(const Stanza& term) {
    if (term.line == 0) return;
    const std::string where = path_ + ":" + std::to_string(term.line) + ": ";
    if (term.id.empty())
      throw Error(ErrorKind::BadInput, where + "this [Term] has no id", "is the file complete?");
    const auto [earlier, is_new] = line_of_.emplace(term.id, term.line);
    if (!is_new)
      throw Error(
          ErrorKind::BadInput,
          where + "term '" + term.id + "' appears twice; first on line " + std::to_string(earlier->second),
          "give one release of one ontology");
    if (term.is_obsolete) return;
    if (term.name.empty())
      throw Error(ErrorKind::BadInput, where + "term '" + term.id + "' has no name", "is the file complete?");
    index_.emplace(term.id, static_cast<std::int32_t>(index_.size()));
    ontology_.terms.push_back({term.id, term.name, {}});
    parents_.push_back(term.parents);
  }

  Ontology finish() {
    if (ontology_.terms.empty())
      throw Error(ErrorKind::BadInput, path_ + ": no terms in OBO format",
                  "give the Cell Ontology as .obo, for example cl-basic.obo from obofoundry.org");
    for (std::size_t term = 0; term < parents_.size(); ++term)
      for (const std::string& parent : parents_[term]) {
        const auto found = index_.find(parent);
        if (found != index_.end()) ontology_.terms[term].parents.push_back(found->second);
      }
    return std::move(ontology_);
  }

 private:
  std::string path_;
  Ontology ontology_;
  std::vector<std::vector<std::string>> parents_;  // [terms], ids
  std::map<std::string, std::int32_t> index_;
  std::map<std::string, std::int64_t> line_of_;
};

}  // namespace

Ontology read_obo(const std::string& path) {
  TextLines lines(path);
  Terms terms(path);
  Stanza term;
  while (const std::optional<std::string_view> line = lines.next()) {
    if (!line->empty() && line->front() == '[') {
      terms.add(term);
      term = {};
      if (trimmed(*line) == "[Term]") term.line = lines.number();
    } else if (term.line > 0) {
      add_line(term, *line);
    }
  }
  terms.add(term);
  return terms.finish();
}

}  // namespace plkd

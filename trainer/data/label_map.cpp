#include "trainer/data/label_map.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

#include "shared/counts/text_lines.h"
#include "shared/error.h"

namespace plkd {
LabelMap::LabelMap(const std::string& path) : path_(path) {
  TextLines lines(path);
  while (std::optional<std::string_view> line = lines.next()) {
    if (line->empty()) continue;
    const char separator = line->find('\t') != std::string_view::npos ? '\t' : ',';
    const std::vector<std::string> fields = delimited_fields(*line, separator);
    const std::string place = path + ":" + std::to_string(lines.number());
    if (fields.size() != 2 && fields.size() != 3) {
      throw Error(ErrorKind::BadInput,
                  place + ": " + std::to_string(fields.size()) + " fields where 2 or 3 are expected",
                  "write from,to or file,from,to and put names with commas in double quotes");
    }
    const bool is_for_one_file = fields.size() == 3;
    const Key key = {is_for_one_file ? fields[0] : "", fields[fields.size() - 2]};
    if (key.second.empty() || (is_for_one_file && key.first.empty())) {
      throw Error(ErrorKind::BadInput,
                  place + ": the " + (key.second.empty() ? "label to rename" : "file") + " is empty",
                  "write from,to or file,from,to; only `to` may be empty, to leave cells out");
    }
    const auto [known, is_new] = rules_.emplace(key, Rule{fields.back(), lines.number(), 0});
    if (!is_new && known->second.to != fields.back()) {
      throw Error(ErrorKind::BadInput,
                  place + ": '" + key.second + "' becomes '" + fields.back() + "', but '" + known->second.to +
                      "' on line " + std::to_string(known->second.line),
                  "keep one of the two lines");
    }
  }
}

LabelMap::Rule* LabelMap::rule_for(const std::string& file, const std::string& label) {
  const std::string name = std::filesystem::path(file).filename().string();
  for (const std::string& scope : {file, name, std::string()}) {
    const auto found = rules_.find({scope, label});
    if (found != rules_.end()) return &found->second;
  }
  return nullptr;
}

std::vector<std::string> LabelMap::renamed(const std::string& file, const std::vector<std::string>& labels) {
  std::vector<std::string> names;
  for (const std::string& label : labels) {
    Rule* rule = label.empty() ? nullptr : rule_for(file, label);
    names.push_back(rule == nullptr ? label : rule->to);
    if (rule != nullptr) ++rule->cells;
  }
  return names;
}

std::vector<std::string> LabelMap::notes() const {
  std::vector<std::pair<std::int64_t, std::string>> unmet;
  for (const auto& [key, rule] : rules_) {
    if (rule.cells > 0) continue;
    const std::string where = key.first.empty() ? "" : " of '" + key.first + "'";
    unmet.emplace_back(rule.line, path_ + ":" + std::to_string(rule.line) + ": no cell" + where +
                                      " has the label '" + key.second + "'");
  }
  std::sort(unmet.begin(), unmet.end());
  std::vector<std::string> notes;
  for (const auto& [line, note] : unmet) notes.push_back(note);
  return notes;
}

}  // namespace plkd

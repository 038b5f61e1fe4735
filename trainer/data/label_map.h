#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace plkd {

// Gives the labels of several references one set of names. Read from a table without header, separated by
// commas or tabs, a field with commas in double quotes:
//   from,to         renames a label in every file
//   file,from,to    renames it in that file alone, and there comes before a line for every file
// An empty `to` leaves those cells out. A label that no line names stays as it is; renaming is done once, so
// `a,b` and `b,c` do not make `c` of `a`.
class LabelMap {
 public:
  LabelMap() = default;
  // Throws BadInput with the line's number when a line has another number of fields, no `from`, or
  // contradicts an earlier one.
  explicit LabelMap(const std::string& path);

  // The file's labels renamed, "" for cells to leave out.
  std::vector<std::string> renamed(const std::string& file, const std::vector<std::string>& labels);

  // Lines that no label met, once all files have been renamed.
  std::vector<std::string> notes() const;

 private:
  struct Rule {
    std::string to;
    std::int64_t line = 0;
    std::int64_t cells = 0;  // renamed so far
  };
  using Key = std::pair<std::string, std::string>;  // file, "" for every file; from

  Rule* rule_for(const std::string& file, const std::string& label);

  std::string path_;
  std::map<Key, Rule> rules_;
};

}  // namespace plkd

#include "shared/counts/counts_reader.h"

#include <map>
#include <nlohmann/json.hpp>

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

const std::vector<OtherFeatures>& CountsReader::other_features() const {
  static const std::vector<OtherFeatures> none;
  return none;
}

CountMatrix CountsReader::read_other(std::size_t which, std::int64_t, std::int64_t) {
  throw Error(ErrorKind::Internal, path() + ": has no other features of number " + std::to_string(which));
}

nlohmann::json CountsReader::index() const { return nlohmann::json::object(); }

CellColumn column_of_texts(const std::string& name, const std::vector<std::string>& texts) {
  std::map<std::string, std::int32_t> codes;
  for (const std::string& text : texts)
    if (!text.empty()) codes.emplace(text, 0);
  CellColumn column{name, {}, {}};
  for (auto& [text, code] : codes) {
    code = static_cast<std::int32_t>(column.categories.size());
    column.categories.push_back(text);
  }
  for (const std::string& text : texts) column.code.push_back(text.empty() ? -1 : codes.at(text));
  return column;
}

void check_range(const CountsReader& reader, std::int64_t first, std::int64_t end) {
  if (first >= 0 && first <= end && end <= reader.cells()) return;
  throw Error(ErrorKind::Internal, reader.path() + ": cells " + std::to_string(first) + " to " + std::to_string(end) +
                                       " were asked of " + std::to_string(reader.cells()));
}

void fail_without_column(const CountsReader& reader, const std::string& column) {
  const std::vector<std::string> columns = reader.column_names();
  throw Error(ErrorKind::BadInput, reader.path() + ": the cells have no column '" + column + "'",
              columns.empty() ? "files of this format have no columns: save the labels in an .h5ad"
                              : "the columns are " + quoted_list(columns));
}

}  // namespace plkd

#include "shared/cli/select_cells.h"

#include <algorithm>
#include <map>
#include <set>

#include "shared/error.h"

namespace plkd {

namespace {

using Conditions = std::map<std::string, std::set<std::string>>;  // values by column

Conditions parse(const std::vector<std::string>& conditions, const std::string& option) {
  Conditions parsed;
  for (const std::string& condition : conditions) {
    const std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ErrorKind::WrongUsage, option + " '" + condition + "' is not of the form COLUMN=VALUE",
                  "for example " + option + " condition=CTRL");
    parsed[condition.substr(0, equals)].insert(condition.substr(equals + 1));
  }
  return parsed;
}

// The first few values of a column, for a message.
std::string joined(const std::vector<std::string>& values) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t at = 0; at < std::min(kMost, values.size()); ++at) text += (at == 0 ? "'" : ", '") + values[at] + "'";
  return values.size() > kMost ? text + ", ..." : text;
}

// Which cells have one of the values in the column.
std::vector<char> cells_with(CountsReader& reader, const std::string& column_name, const std::set<std::string>& values) {
  const CellColumn column = reader.column(column_name);
  std::vector<char> is_wanted(column.categories.size(), 0);
  for (const std::string& value : values) {
    const auto found = std::find(column.categories.begin(), column.categories.end(), value);
    if (found == column.categories.end())
      throw Error(ErrorKind::BadInput, reader.path() + ": column '" + column_name + "' has no value '" + value + "'",
                  "it has " + joined(column.categories));
    is_wanted[static_cast<std::size_t>(found - column.categories.begin())] = 1;
  }
  std::vector<char> has(column.code.size(), 0);
  for (std::size_t cell = 0; cell < has.size(); ++cell)
    has[cell] = column.code[cell] >= 0 && is_wanted[static_cast<std::size_t>(column.code[cell])];
  return has;
}

}  // namespace

std::vector<std::int64_t> cells_where(CountsReader& reader, const std::vector<std::string>& where,
                                      const std::vector<std::string>& drop) {
  std::vector<char> is_chosen(static_cast<std::size_t>(reader.cells()), 1);
  for (const auto& [column, values] : parse(where, "--where")) {
    const std::vector<char> has = cells_with(reader, column, values);
    for (std::size_t cell = 0; cell < has.size(); ++cell) is_chosen[cell] = is_chosen[cell] && has[cell];
  }
  for (const auto& [column, values] : parse(drop, "--drop")) {
    const std::vector<char> has = cells_with(reader, column, values);
    for (std::size_t cell = 0; cell < has.size(); ++cell) is_chosen[cell] = is_chosen[cell] && !has[cell];
  }
  std::vector<std::int64_t> cells;
  for (std::size_t cell = 0; cell < is_chosen.size(); ++cell)
    if (is_chosen[cell]) cells.push_back(static_cast<std::int64_t>(cell));
  if (cells.empty())
    throw Error(ErrorKind::BadInput, reader.path() + ": no cell is left", "loosen --where and --drop");
  return cells;
}

std::vector<std::string> names_in(const CellColumn& column) {
  std::vector<std::string> names(column.code.size());
  for (std::size_t cell = 0; cell < names.size(); ++cell)
    if (column.code[cell] >= 0) names[cell] = column.categories[static_cast<std::size_t>(column.code[cell])];
  return names;
}

}  // namespace plkd

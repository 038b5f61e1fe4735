#include "shared/cli/select_cells.h"

#include <algorithm>
#include <iterator>
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

// Which cells have one of the values.
std::vector<char> cells_with(const CellColumn& column, const std::set<std::string>& values) {
  std::vector<char> has(column.code.size(), 0);
  for (std::size_t cell = 0; cell < has.size(); ++cell)
    has[cell] = column.code[cell] >= 0 && values.count(column.categories[static_cast<std::size_t>(column.code[cell])]) > 0;
  return has;
}

bool has_value(const CellColumn& column, const std::string& value) {
  return std::find(column.categories.begin(), column.categories.end(), value) != column.categories.end();
}

bool has_column(CountsReader& reader, const std::string& name) {
  const std::vector<std::string> names = reader.column_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_values(CountsReader& reader, const Conditions& conditions) {
  for (const auto& [name, values] : conditions) {
    const CellColumn column = reader.column(name);
    for (const std::string& value : values) {
      if (has_value(column, value)) continue;
      throw Error(ErrorKind::BadInput, reader.path() + ": column '" + name + "' has no value '" + value + "'",
                  "it has " + joined(column.categories));
    }
  }
}

// Removes conditions on columns the file lacks; names those and the ones whose value it lacks.
std::vector<UnmetCondition> drop_unmet(CountsReader& reader, Conditions& conditions, const std::string& option) {
  std::vector<UnmetCondition> unmet;
  for (auto condition = conditions.begin(); condition != conditions.end();) {
    const auto& [name, values] = *condition;
    const bool is_there = has_column(reader, name);
    const auto lack = is_there ? UnmetCondition::Lack::Value : UnmetCondition::Lack::Column;
    const CellColumn column = is_there ? reader.column(name) : CellColumn{};
    for (const std::string& value : values)
      if (!has_value(column, value)) unmet.push_back({option + " " + name + "=" + value, lack});
    condition = is_there ? std::next(condition) : conditions.erase(condition);
  }
  return unmet;
}

std::vector<std::int64_t> cells_meeting(CountsReader& reader, const Conditions& where, const Conditions& drop) {
  std::vector<char> is_chosen(static_cast<std::size_t>(reader.cells()), 1);
  for (const auto& [column, values] : where) {
    const std::vector<char> has = cells_with(reader.column(column), values);
    for (std::size_t cell = 0; cell < has.size(); ++cell) is_chosen[cell] = is_chosen[cell] && has[cell];
  }
  for (const auto& [column, values] : drop) {
    const std::vector<char> has = cells_with(reader.column(column), values);
    for (std::size_t cell = 0; cell < has.size(); ++cell) is_chosen[cell] = is_chosen[cell] && !has[cell];
  }
  std::vector<std::int64_t> cells;
  for (std::size_t cell = 0; cell < is_chosen.size(); ++cell)
    if (is_chosen[cell]) cells.push_back(static_cast<std::int64_t>(cell));
  return cells;
}

}  // namespace

std::vector<std::int64_t> cells_where(CountsReader& reader, const std::vector<std::string>& where,
                                      const std::vector<std::string>& drop) {
  const Conditions wanted = parse(where, "--where"), unwanted = parse(drop, "--drop");
  require_values(reader, wanted);
  require_values(reader, unwanted);
  const std::vector<std::int64_t> cells = cells_meeting(reader, wanted, unwanted);
  if (cells.empty())
    throw Error(ErrorKind::BadInput, reader.path() + ": no cell is left", "loosen --where and --drop");
  return cells;
}

ChosenCells cells_where_known(CountsReader& reader, const std::vector<std::string>& where,
                              const std::vector<std::string>& drop) {
  Conditions wanted = parse(where, "--where"), unwanted = parse(drop, "--drop");
  ChosenCells chosen;
  chosen.unmet = drop_unmet(reader, wanted, "--where");
  for (const UnmetCondition& condition : drop_unmet(reader, unwanted, "--drop")) chosen.unmet.push_back(condition);
  chosen.cells = cells_meeting(reader, wanted, unwanted);
  return chosen;
}

std::vector<std::string> names_in(const CellColumn& column) {
  std::vector<std::string> names(column.code.size());
  for (std::size_t cell = 0; cell < names.size(); ++cell)
    if (column.code[cell] >= 0) names[cell] = column.categories[static_cast<std::size_t>(column.code[cell])];
  return names;
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/counts_reader.h"

namespace plkd {

// Cells chosen by `--where COLUMN=VALUE` and `--drop COLUMN=VALUE`, ascending. Several values of one column mean "or", several
// columns mean "and"; a cell that any `drop` names is out. Throws WrongUsage when a condition has no "=", BadInput when a
// column or value is not there or nothing is left.
std::vector<std::int64_t> cells_where(CountsReader& reader, const std::vector<std::string>& where,
                                      const std::vector<std::string>& drop);

// A condition that a file's table cannot meet.
struct UnmetCondition {
  std::string text;  // "--where donor=d3"
  enum class Lack { Column, Value } lack = Lack::Column;
};

struct ChosenCells {
  std::vector<std::int64_t> cells;  // may be none
  std::vector<UnmetCondition> unmet;
};

// The same for one of several files, which need not have every column and value. A condition on a column that the file lacks does
// not apply to it. A value that its column lacks matches none of its cells: none is chosen by such a `where`, none dropped by such
// a `drop`.
ChosenCells cells_where_known(CountsReader& reader, const std::vector<std::string>& where,
                              const std::vector<std::string>& drop);

// One column as names: the label of each cell, empty where it is missing.
std::vector<std::string> names_in(const CellColumn& column);  // [cells]

}  // namespace plkd

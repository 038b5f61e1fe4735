#include "shared/counts/counts_reader.h"

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

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

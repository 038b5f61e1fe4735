#include "shared/cli/adapt_query.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace plkd {

std::vector<std::int32_t> batches_of(CountsReader& reader, const std::string& column,
                                     const std::vector<std::string>& names) {
  std::vector<std::int32_t> batch;
  if (!column.empty()) {
    const CellColumn values = reader.column(column);
    batch = values.code;
    const auto without_value = static_cast<std::int32_t>(values.categories.size());
    std::replace(batch.begin(), batch.end(), -1, without_value);
  }
  if (!names.empty()) {
    batch.resize(names.size());
    for (std::size_t cell = 0; cell < names.size(); ++cell)
      if (names[cell].empty()) batch[cell] = -1;
  }
  return batch;
}

void adapt(Query& query, const Model& model, std::vector<std::int32_t> batch, Verbosity verbosity) {
  const std::int32_t last = batch.empty() ? 0 : *std::max_element(batch.begin(), batch.end());
  if (verbosity != Verbosity::Quiet && last == 0)
    std::fprintf(
        stderr,
        "note: --adapt takes all cells for one technology; name the column with --batch if they are not\n");
  Adaptation adaptation(query, model, std::move(batch));
  constexpr std::int64_t kPercent = 100;
  Progress progress("adapt", kPercent, verbosity);
  while (adaptation.step()) progress.set(static_cast<std::int64_t>(kPercent * adaptation.progress()));
  progress.finish();
}

}  // namespace plkd

#include "shared/preprocess/log_normalise.h"

#include <cmath>

namespace plkd {

LogNormaliseResult log_normalise(CountMatrix& counts, const std::vector<double>& library,
                                 const PreprocessRecipe& recipe) {
  LogNormaliseResult result;
  for (std::size_t cell = 0; cell < library.size(); ++cell) {
    if (library[cell] <= 0) {
      ++result.empty_cells;
      continue;
    }
    const auto scale = static_cast<float>(static_cast<double>(recipe.target_sum) / library[cell]);
    for (auto entry = static_cast<std::size_t>(counts.row_begin[cell]);
         entry < static_cast<std::size_t>(counts.row_begin[cell + 1]); ++entry)
      counts.count[entry] = std::log1p(counts.count[entry] * scale);
  }
  return result;
}

}  // namespace plkd

#include "shared/preprocess/log_normalise.h"

#include "shared/student/kernel.h"

namespace plkd {

LogNormaliseResult log_normalise(CountMatrix& counts, const std::vector<double>& library,
                                 const PreprocessRecipe& recipe) {
  const Kernel& kernel = best_kernel();
  LogNormaliseResult result;
  for (std::size_t cell = 0; cell < library.size(); ++cell) {
    if (library[cell] <= 0) {
      ++result.empty_cells;
      continue;
    }
    const auto scale = static_cast<float>(static_cast<double>(recipe.target_sum) / library[cell]);
    const std::int64_t begin = counts.row_begin[cell], end = counts.row_begin[cell + 1];
    kernel.log_scaled(counts.count.data() + begin, end - begin, scale);
  }
  return result;
}

}  // namespace plkd

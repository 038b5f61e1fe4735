#include "shared/preprocess/log_normalise.h"

#include <algorithm>

#include "shared/student/kernel.h"

namespace plkd {

LogNormaliseResult log_normalise(CountMatrix& counts, const std::vector<double>& library,
                                 const PreprocessRecipe& recipe) {
  const std::vector<float> scale = scales_of(library, recipe);
  log_scaled(counts, scale);
  return {std::count(scale.begin(), scale.end(), 0.0F)};
}

std::vector<float> scales_of(const std::vector<double>& library, const PreprocessRecipe& recipe) {
  std::vector<float> scale;
  scale.reserve(library.size());
  for (const double counts : library)
    scale.push_back(counts > 0 ? static_cast<float>(static_cast<double>(recipe.target_sum) / counts) : 0.0F);
  return scale;
}

void log_scaled(CountMatrix& counts, const std::vector<float>& scale) {
  const Kernel& kernel = best_kernel();
  for (std::size_t cell = 0; cell < scale.size(); ++cell) {
    const std::int64_t begin = counts.row_begin[cell], end = counts.row_begin[cell + 1];
    kernel.log_scaled(counts.count.data() + begin, end - begin, scale[cell]);
  }
}

}  // namespace plkd

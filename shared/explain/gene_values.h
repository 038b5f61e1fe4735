#pragma once

#include <cstdint>
#include <vector>

#include "shared/annotate/annotate.h"

namespace plkd {

// Log-normalised expression of some genes in cells [first, end): any genes of the query, whether the model knows them or not,
// by the model's recipe. Factors of an adaptation are the model's genes' own and change nothing here.
std::vector<float> gene_values(Query& query, const std::vector<std::int32_t>& genes, std::int64_t first,
                               std::int64_t end);  // [genes x cells]

// The same of all genes of the query at once, of counts as Query::counts gives them.
CountMatrix log_normalised(CountMatrix counts, const PreprocessRecipe& recipe);  // [cells x query genes]

}  // namespace plkd

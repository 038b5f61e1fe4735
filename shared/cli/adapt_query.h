#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/annotate/adapt.h"
#include "shared/cli/progress.h"
#include "shared/counts/counts_reader.h"

namespace plkd {

// Which batch each cell is of, by a column of the cells' table; empty, so one batch, without a column. Cells
// without a value are a batch of their own; cells without a name in `names`, where it is given, are of none.
std::vector<std::int32_t> batches_of(CountsReader& reader, const std::string& column,
                                     const std::vector<std::string>& names = {});

// Estimates and sets the query's scaling, with progress and a warning where it may mislead.
void adapt(Query& query, const Model& model, std::vector<std::int32_t> batch, Verbosity verbosity);

}  // namespace plkd

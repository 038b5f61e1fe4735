#pragma once

#include <cstdint>
#include <vector>

#include "shared/counts/count_matrix.h"
#include "shared/genes/modality.h"

namespace plkd {

// The blocks of a recipe over so many features; without blocks all are genes.
std::vector<FeatureBlock> blocks_over(const std::vector<FeatureBlock>& blocks, std::int64_t features);

// All choices of these modalities but none, ascending; the last is all of them.
std::vector<std::vector<Modality>> choices_of(const std::vector<Modality>& modalities);

// Counts or expression as if only these modalities had been measured: neither features nor flags of others are left.
CountMatrix only_modalities(const CountMatrix& cells, const std::vector<FeatureBlock>& blocks,
                            const std::vector<Modality>& kept);

}  // namespace plkd

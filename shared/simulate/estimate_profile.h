#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/simulate/profile.h"

namespace plkd {

struct EstimateProfileOptions {
  // Genes to keep: half the most expressed, half those that differ most between the types. 0 keeps all.
  std::int64_t genes = 2000;
  // A type with fewer cells is left out: its means would be noise.
  std::int64_t min_cells = 10;
};

// Profile of the labelled cells of a reference, in one pass over it. A cell whose code is -1 is ignored. Ontology ids
// come from the column "cell_ontology_id" where the reference has one. Throws BadInput when no type has enough cells.
Profile estimate_profile(CountsReader& reference, const CellColumn& labels,
                         const EstimateProfileOptions& options = {});

// `profile` and those types of `more` that it lacks, over the genes both have. A type that is added takes the share
// it has among the cells of `more`, but at most `most_added`: sorted cells are no sample of blood.
Profile add_types(const Profile& profile, const Profile& more, double most_added = 0.02);

// The `genes` most useful genes, as EstimateProfileOptions says; means are scaled to 10,000 counts again.
Profile keep_genes(const Profile& profile, std::int64_t genes);

}  // namespace plkd

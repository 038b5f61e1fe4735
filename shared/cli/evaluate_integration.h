#pragma once

#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/integration/integration_scores.h"
#include "shared/integration/view_scores.h"
#include "shared/model/model.h"

namespace plkd {

// Runs the Student on the cells that have a label (and a batch, where `batch` is not empty) and scores how
// their latents mix. Of more than kMaxIntegrationCells such cells a random sample is taken, the same every
// time. Throws BadInput when fewer than two cells are left.
IntegrationScores evaluate_integration(Query& query, const Model& model,
                                       const std::vector<std::string>& truth,
                                       const std::vector<std::string>& batch);  // [cells], [cells] or empty

// The same cells seen by each choice of the modalities that are used, two choices at a time: whether a cell of which one
// is measured lies where it lies by the other. None where one alone is used. Of half as many cells at most.
std::vector<ViewScores> evaluate_views(Query& query, const Model& model, const std::vector<std::string>& truth);

void print(const IntegrationScores& scores);
void print(const std::vector<ViewScores>& scores);

}  // namespace plkd

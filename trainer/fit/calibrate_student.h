#pragma once

#include <random>
#include <vector>

#include "shared/annotate/scores.h"
#include "shared/model/model.h"
#include "trainer/data/cell_store.h"

namespace plkd {

// Fits the calibration of a model whose Student and class means are done: the novelty's space to the cells it
// was trained on, the rest on held-out cells [cells x model genes] as they are and as ever more different
// laboratories would have seen them, so that the model can tell how wrong it is on a query that looks
// shifted. Of cells of several modalities only those in `present` are seen, all when it is empty.
Calibration calibrate_student(const Model& model, const StoredCells& train, const StoredCells& held_out,
                              std::mt19937_64& rng, const std::vector<Modality>& present = {});

// The same for each choice of some of the model's modalities, with its scores on the held-out cells.
std::vector<PartialCalibration> calibrate_partially(const Model& model, const StoredCells& train,
                                                    const StoredCells& held_out, std::mt19937_64& rng);

// Scores of labelled cells through the same code that annotates queries.
Scores score(const Model& model, const StoredCells& cells, const std::vector<Modality>& present = {});

// The spread of latents is settled long before this many cells.
constexpr std::int64_t kCellsForNovelty = 50000;

// The novelty's space alone. Of more training cells it takes the same number of each class, or all it has.
Novelty novelty_space(const Model& model, const StoredCells& train, std::mt19937_64& rng,
                      const std::vector<Modality>& present = {});

// Mean counts per 10,000 of each class over the model's genes: what a query's own means are compared with
// when it is adapted. Of several modalities the means of what each is scaled to before its logarithm.
std::vector<float> class_means(const StoredCells& train, std::int64_t classes,
                               const PreprocessRecipe& recipe);  // [classes x genes]

}  // namespace plkd

#include "trainer/fit/calibrate_student.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/annotate/annotate.h"
#include "shared/annotate/calibrate.h"
#include "shared/annotate/likeness.h"
#include "shared/annotate/novelty.h"
#include "shared/model/to_digits.h"
#include "shared/preprocess/log_normalise.h"
#include "trainer/data/corrupt.h"
#include "trainer/data/modalities.h"
#include "trainer/data/panel.h"

namespace plkd {
namespace {

// 1 is what the Student was trained with; beyond it the model is tried on what it has never seen. The last is
// for the temperature alone: fitted up to 3 instead of 1 it lowers the mean calibration error over six pairs
// of studies from 0.088 to 0.076 and leaves that of held-out cells at 0.02.
constexpr double kStrengths[] = {0, 0.5, 1, 1.5, 2, 3};

// Shares of the genes that the model is tried with.
constexpr double kPanels[] = {1, 0.7, 0.5, 0.3, 0.2, 0.1};

// Few held-out cells are corrupted several times, so that one draw of missing genes decides little.
constexpr std::int64_t kCellsAView = 2000;
constexpr std::int64_t kMostDraws = 5;

// At strength s every cell is thinned to rates down to 0.2^s, genes vary and go missing s times as much; panels of antibodies are those of the
// training at any.
CorruptionOptions corruption_of(double strength) {
  CorruptionOptions options;
  options.min_rate = std::pow(options.min_rate, strength);
  options.max_masked = std::min(options.max_masked * strength, 0.9);
  options.gene_spread *= strength;
  options.modality_dropout = 0;
  return options;
}

// As the model file keeps it.
float rounded(double value) { return static_cast<float>(to_digits(value, 3)); }

StudentOutput seen_by(const Model& model, Cells cells) {
  log_normalise(cells.counts, cells.library, model.recipe);
  return run_student(model.student, cells.counts);
}

float median_likeness(const Model& model, Cells cells) {
  log_normalise(cells.counts, cells.library, model.recipe);
  std::vector<float> likeness = Likeness(model).of(cells.counts);
  const auto middle = likeness.begin() + static_cast<std::ptrdiff_t>(likeness.size() / 2);
  std::nth_element(likeness.begin(), middle, likeness.end());
  return rounded(static_cast<double>(*middle));
}

// All cells, or, of too many, no more of any class than its even part, evenly spaced.
StoredCells some_of_each_class(const StoredCells& cells) {
  if (cells.size() <= kCellsForNovelty) return cells;
  std::vector<std::int64_t> of_class, seen, chosen;
  for (const std::int32_t label : cells.label) {
    if (at(label) >= of_class.size()) of_class.resize(at(label) + 1);
    ++of_class[at(label)];
  }
  seen.resize(of_class.size());
  const std::int64_t most = kCellsForNovelty / static_cast<std::int64_t>(of_class.size());
  for (std::int64_t cell = 0; cell < cells.size(); ++cell) {
    const std::size_t c = at(cells.label[at(cell)]);
    const std::int64_t kept = std::min(of_class[c], most), place = seen[c]++;
    if ((place + 1) * kept / of_class[c] > place * kept / of_class[c]) chosen.push_back(cell);
  }
  return subset(cells, chosen);
}

// What each count is scaled to before its logarithm: of genes alone without a detour through it.
template <class Add>
void add_scaled(const Cells& cells, const PreprocessRecipe& recipe, const Add& add) {
  CountMatrix expression;
  if (!recipe.blocks.empty()) log_normalise(expression = cells.counts, cells.library, recipe);
  const CountMatrix& values = recipe.blocks.empty() ? cells.counts : expression;
  for (std::int64_t cell = 0; cell < cells.size(); ++cell) {
    const double library = cells.library[at(cell)];
    for (std::int64_t i = values.row_begin[at(cell)]; i < values.row_begin[at(cell) + 1]; ++i) {
      const double value = static_cast<double>(values.count[at(i)]);
      if (!recipe.blocks.empty()) add(cell, values.gene[at(i)], std::expm1(value));
      else if (library > 0) add(cell, values.gene[at(i)], 1e4 * value / library);
    }
  }
}

// More cells, or the same once more.
template <class View>
void append(View& view, const StudentOutput& seen) {
  view.logits.insert(view.logits.end(), seen.logits.begin(), seen.logits.end());
  view.latent.insert(view.latent.end(), seen.latent.begin(), seen.latent.end());
}

}  // namespace

Novelty novelty_space(const Model& model, const StoredCells& all, std::mt19937_64& rng,
                      const std::vector<Modality>& present) {
  const CorruptionOptions shallow{.max_masked = 0, .other_panels = 0, .gene_spread = 0, .modality_dropout = 0};
  const std::vector<FeatureBlock>& blocks = model.recipe.blocks;
  const StoredCells train = some_of_each_class(all);
  StudentOutput seen, seen_shallow;
  for_each_slice(train, [&](const Cells& whole) {
    const Cells slice = only_modalities(whole, blocks, present);
    append(seen, seen_by(model, slice));
    append(seen_shallow, seen_by(model, corrupt(slice, model.recipe, shallow, rng)));
  });
  Novelty novelty = fit_novelty(seen, seen_shallow, train.label, static_cast<std::int64_t>(model.classes.size()));
  for (std::vector<float>* values : {&novelty.whitening, &novelty.centre})
    for (float& value : *values) value = rounded(static_cast<double>(value));
  return novelty;
}

Calibration calibrate_student(const Model& model, const StoredCells& train, const StoredCells& all_held_out,
                              std::mt19937_64& rng, const std::vector<Modality>& present) {
  const Cells held_out = only_modalities(typical_cells(all_held_out), model.recipe.blocks, present);
  const std::int64_t draws =
      std::clamp<std::int64_t>(kCellsAView / std::max<std::int64_t>(held_out.size(), 1), 1, kMostDraws);
  std::vector<HeldOutView> views;
  for (const double strength : kStrengths) {
    HeldOutView view{strength, {}};
    for (std::int64_t draw = 0; draw < (strength > 0 ? draws : 1); ++draw)
      append(view, seen_by(model, strength > 0 ? corrupt(held_out, model.recipe, corruption_of(strength), rng) : held_out));
    views.push_back(std::move(view));
  }
  const Novelty novelty = novelty_space(model, train, rng, present);
  // Apart, so that what is fitted later does not depend on the panels tried here.
  std::mt19937_64 rng_of_panels = rng;
  std::vector<PanelView> panels;
  for (const double share : kPanels) {
    PanelView panel{share, {}};
    // Which genes are left matters more than which cells are seen.
    for (std::int64_t draw = 0; draw < (share < 1 ? kMostDraws : 1); ++draw)
      append(panel.cells, seen_by(model, share < 1 ? as_panel(held_out, model.recipe, share, rng_of_panels) : held_out));
    panels.push_back(std::move(panel));
  }
  Calibration calibration = fit_calibration(views, held_out.label, static_cast<std::int64_t>(model.classes.size()), model.broader,
                                            novelty, panels);
  calibration.likeness = median_likeness(model, held_out);
  return calibration;
}

std::vector<PartialCalibration> calibrate_partially(const Model& model, const StoredCells& train,
                                                    const StoredCells& held_out, std::mt19937_64& rng) {
  std::vector<PartialCalibration> all;
  for (const std::vector<Modality>& present : proper_subsets(model.recipe.blocks)) {
    PartialCalibration partial{present, calibrate_student(model, train, held_out, rng, present), 0, 0};
    Model as_seen = model;
    as_seen.calibration = partial.calibration;
    const Scores scores = score(as_seen, held_out, present);
    partial.accuracy = scores.accuracy;
    partial.macro_f1 = scores.macro_f1;
    all.push_back(std::move(partial));
  }
  return all;
}

Scores score(const Model& model, const StoredCells& cells, const std::vector<Modality>& present) {
  Scorer scorer(model);
  for_each_slice(cells, [&](const Cells& whole) {
    Cells slice = only_modalities(whole, model.recipe.blocks, present);
    log_normalise(slice.counts, slice.library, model.recipe);
    std::vector<std::string> truth;
    for (const std::int32_t label : slice.label) truth.push_back(model.classes[at(label)].name);
    scorer.add(annotate(model, slice.counts), truth);
  });
  return scorer.scores();
}

std::vector<float> class_means(const StoredCells& train, std::int64_t classes, const PreprocessRecipe& recipe) {
  const std::size_t genes = at(train.genes());
  std::vector<double> sums(at(classes) * genes);
  std::vector<double> cells(at(classes));
  for_each_slice(train, [&](const Cells& slice) {
    for (const std::int32_t label : slice.label) ++cells[at(label)];
    add_scaled(slice, recipe, [&](std::int64_t cell, std::int32_t gene, double value) {
      sums[at(slice.label[at(cell)]) * genes + at(gene)] += value;
    });
  });
  std::vector<float> means(sums.size());
  for (std::size_t k = 0; k < sums.size(); ++k)
    means[k] = cells[k / genes] > 0 ? rounded(sums[k] / cells[k / genes]) : 0;
  return means;
}

}  // namespace plkd

#include "trainer/fit/prepare.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "shared/error.h"
#include "shared/preprocess/complete_panel.h"
#include "shared/preprocess/highly_variable.h"
#include "shared/preprocess/log_normalise.h"
#include "trainer/data/modalities.h"
#include "trainer/memory.h"

namespace plkd {
namespace {

// learn_patterns looks at as many, spread in the same way: more would take memory and change nothing.
constexpr std::int64_t kCellsForPatterns = 10000;

torch::Device device_of(DeviceChoice choice) {
  const bool has_cuda = torch::cuda::is_available();
  if (choice == DeviceChoice::Cuda && !has_cuda) {
    throw Error(ErrorKind::BadInput, "--device cuda: this LibTorch finds no CUDA device",
                "use --device cpu, or build with a CUDA LibTorch in CMAKE_PREFIX_PATH");
  }
  return choice != DeviceChoice::Cpu && has_cuda ? torch::kCUDA : torch::kCPU;
}

CountMatrix expression_of(Cells cells, const PreprocessRecipe& recipe) {
  log_normalise(cells.counts, cells.library, recipe);
  return std::move(cells.counts);
}

std::vector<float> typical_of(const StoredCells& cells, const FeatureBlock& proteins) {
  TypicalPanel panel(proteins);
  for_each_slice(cells, [&](const Cells& slice) { panel.add(slice.counts); });
  return panel.values();
}

Split split_of(const Reference& reference, const PrepareOptions& options) {
  SplitOptions split;
  split.seed = options.seed;
  return options.split == SplitOrder::OversampleFirst
             ? oversample_then_split(reference.label, split)
             : split_cells(reference.label, reference.batch, reference.batch_names, split);
}

// The ascending cells that lie in [first, first + count), as rows of that slice.
std::vector<std::int64_t> rows_of(const std::vector<std::int64_t>& cells, std::int64_t first, std::int64_t count) {
  const auto begin = std::lower_bound(cells.begin(), cells.end(), first);
  std::vector<std::int64_t> rows(begin, std::lower_bound(begin, cells.end(), first + count));
  for (std::int64_t& row : rows) row -= first;
  return rows;
}

struct ChosenFeatures {
  std::vector<std::int32_t> features;  // ascending
  double counts_mb = 0;                // about what the cells' counts over them take
};

// Of genes and chromatin what varies most between the labels, of proteins all that are seen, and the flags.
ChosenFeatures choose_features(const Reference& reference, const Split& split, const PrepareOptions& options,
                               Verbosity verbosity) {
  const std::int64_t features = reference.genes.size();
  std::vector<std::int32_t> all(at(features));
  std::iota(all.begin(), all.end(), 0);
  VarianceByLabel variance(features, static_cast<std::int64_t>(reference.classes.size()));
  read_cells(reference, all, "choose genes", verbosity, [&](std::int64_t first, const Cells& slice) {
    Cells train = select(slice, rows_of(split.train, first, slice.size()));
    const std::vector<std::int32_t> label = train.label;
    variance.add(expression_of(std::move(train), {.blocks = reference.blocks}), label);
  });
  ChosenFeatures chosen;
  for (const FeatureBlock& block : blocks_over(reference.blocks, features)) {
    HighlyVariableOptions wanted{.genes = options.genes};
    if (block.modality == Modality::Protein) wanted = {.genes = block.size(), .min_cells = 1};
    const std::vector<std::int32_t> of_block = variance.most_varying(wanted, block.first, block.end);
    chosen.features.insert(chosen.features.end(), of_block.begin(), of_block.end());
    if (block.end < features) chosen.features.push_back(static_cast<std::int32_t>(block.end));
  }
  double entries = 0;
  for (const std::int32_t feature : chosen.features) entries += static_cast<double>(variance.seen_in(feature));
  chosen.counts_mb = entries * 8 / kMegabyte * static_cast<double>(reference.size()) /
                     static_cast<double>(std::max<std::size_t>(split.train.size(), 1));
  return chosen;
}

}  // namespace

Prepared prepare(const Reference& reference, const PrepareOptions& options, Verbosity verbosity) {
  Prepared prepared;
  prepared.split = split_of(reference, options);
  TrainingPart& part = prepared.part;
  part.device = device_of(options.device);
  part.classes = static_cast<std::int64_t>(reference.classes.size());
  for (const std::int64_t cell : prepared.split.train) part.train_batch.push_back(reference.batch[at(cell)]);
  for (const std::int64_t cell : prepared.split.held_out)
    part.held_out_batch.push_back(reference.batch[at(cell)]);

  const ChosenFeatures chosen = choose_features(reference, prepared.split, options, verbosity);
  part.recipe.blocks = blocks_of_chosen(reference.blocks, chosen.features);
  prepared.genes = select_genes(reference.genes, chosen.features);
  const double memory_mb = options.memory_mb > 0 ? options.memory_mb : free_memory_mb();
  prepared.counts_mb = chosen.counts_mb;
  prepared.kept_in = chosen.counts_mb > memory_mb / 2 ? KeptIn::Disk : KeptIn::Memory;
  const auto store = std::make_shared<CellStore>(prepared.genes.size(), prepared.kept_in, options.folder);
  read_cells(reference, chosen.features, "keep the chosen genes' counts", verbosity,
             [&](std::int64_t, const Cells& slice) { store->append(slice); });
  part.train = stored_cells(store, prepared.split.train);
  part.held_out = stored_cells(store, prepared.split.held_out);
  prepared.never_drawn = stored_cells(store, prepared.split.never_drawn);

  if (const FeatureBlock* const proteins = block_of(part.recipe, Modality::Protein))
    part.recipe.typical_proteins = typical_of(part.train, *proteins);
  ChoosePatternsOptions patterns = options.patterns;
  patterns.seed = options.seed;
  prepared.patterns = choose_patterns(expression_of(read(evenly_spaced(part.train, kCellsForPatterns)), part.recipe),
                                      prepared.genes, part.recipe.blocks, patterns);
  if (options.input == InputScale::Normalised) part.input_scale = input_scale_of(part.train, part.recipe);
  return prepared;
}

}  // namespace plkd

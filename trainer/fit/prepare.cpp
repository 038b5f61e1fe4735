#include "trainer/fit/prepare.h"

#include <utility>

#include "shared/error.h"
#include "shared/preprocess/highly_variable.h"
#include "shared/preprocess/log_normalise.h"

namespace plkd {
namespace {

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

Cells only(Cells cells, const std::vector<std::int32_t>& genes) {
  cells.counts = select_genes(cells.counts, genes);
  return cells;
}

Split split_of(const Reference& reference, const PrepareOptions& options) {
  SplitOptions split;
  split.seed = options.seed;
  return options.split == SplitOrder::OversampleFirst
             ? oversample_then_split(reference.cells.label, split)
             : split_cells(reference.cells.label, reference.batch, reference.batch_names, split);
}

}  // namespace

Prepared prepare(const Reference& reference, const PrepareOptions& options) {
  Prepared prepared;
  prepared.split = split_of(reference, options);
  TrainingPart& part = prepared.part;
  part.device = device_of(options.device);
  part.classes = static_cast<std::int64_t>(reference.classes.size());
  for (const std::int64_t cell : prepared.split.train) part.train_batch.push_back(reference.batch[at(cell)]);
  for (const std::int64_t cell : prepared.split.held_out)
    part.held_out_batch.push_back(reference.batch[at(cell)]);

  HighlyVariableOptions gene_options;
  gene_options.genes = options.genes;
  std::vector<std::int32_t> label;
  for (const std::int64_t cell : prepared.split.train) label.push_back(reference.cells.label[at(cell)]);
  // Of all genes there is never more than one copy beside the reference.
  const std::vector<std::int32_t> genes = genes_varying_by_label(
      expression_of(select(reference.cells, prepared.split.train), part.recipe), label, gene_options);
  prepared.genes = select_genes(reference.genes, genes);
  part.train = only(select(reference.cells, prepared.split.train), genes);
  part.held_out = only(select(reference.cells, prepared.split.held_out), genes);
  prepared.never_drawn = only(select(reference.cells, prepared.split.never_drawn), genes);

  ChoosePatternsOptions patterns = options.patterns;
  patterns.seed = options.seed;
  prepared.patterns = choose_patterns(expression_of(part.train, part.recipe), prepared.genes, patterns);
  if (options.input == InputScale::Normalised) part.input_scale = input_scale_of(part.train, part.recipe);
  return prepared;
}

}  // namespace plkd

#include "trainer/fit/prepare.h"

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

CountMatrix expression_of(const Cells& cells, const PreprocessRecipe& recipe) {
  CountMatrix expression = cells.counts;
  log_normalise(expression, cells.library, recipe);
  return expression;
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
  part.train = select(reference.cells, prepared.split.train);
  for (const std::int64_t cell : prepared.split.train) part.train_batch.push_back(reference.batch[at(cell)]);
  for (const std::int64_t cell : prepared.split.held_out)
    part.held_out_batch.push_back(reference.batch[at(cell)]);

  HighlyVariableOptions gene_options;
  gene_options.genes = options.genes;
  const std::vector<std::int32_t> genes =
      genes_varying_by_label(expression_of(part.train, part.recipe), part.train.label, gene_options);
  prepared.genes = select_genes(reference.genes, genes);
  part.train = only(std::move(part.train), genes);
  part.held_out = only(select(reference.cells, prepared.split.held_out), genes);
  prepared.never_drawn = only(select(reference.cells, prepared.split.never_drawn), genes);

  ChoosePatternsOptions patterns = options.patterns;
  patterns.seed = options.seed;
  prepared.patterns = choose_patterns(expression_of(part.train, part.recipe), prepared.genes, patterns);
  if (options.input == InputScale::Normalised) part.input_scale = input_scale_of(part.train, part.recipe);
  return prepared;
}

}  // namespace plkd

#include "trainer/train.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <utility>

#include "shared/annotate/annotate.h"
#include "shared/annotate/scores.h"
#include "shared/error.h"
#include "shared/ontology/read_obo.h"
#include "shared/preprocess/highly_variable.h"
#include "shared/preprocess/log_normalise.h"
#include "trainer/data/split.h"
#include "trainer/export/to_student.h"
#include "trainer/fit/calibrate_student.h"
#include "trainer/fit/training_part.h"
#include "trainer/teacher/checkpoint.h"
#include "trainer/torch.h"

namespace plkd {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

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

GeneVocabulary select_genes(const GeneVocabulary& genes, const std::vector<std::int32_t>& chosen) {
  GeneVocabulary selected;
  for (const std::int32_t gene : chosen) {
    selected.symbol.push_back(genes.symbol[at(gene)]);
    selected.id.push_back(genes.id[at(gene)]);
  }
  return selected;
}

std::vector<float> logits_of(StudentNet& network, const TrainingPart& part) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor logits =
      network->forward(part.input(part.held_out)).logits.to(torch::kCPU).contiguous();
  return {logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel()};
}

// How much the Teacher makes of each gene of a pattern: its largest absolute weight to the pattern's token.
void weigh_genes(std::vector<Pattern>& patterns, const Teacher& teacher) {
  const torch::Tensor largest =
      teacher->pattern_layer()->weight().detach().abs().amax(1).to(torch::kCPU).contiguous();
  const float* weight = largest.data_ptr<float>();  // [pairs], by pattern, then gene
  for (Pattern& pattern : patterns) {
    pattern.weight.assign(weight, weight + pattern.genes.size());
    weight += pattern.genes.size();
  }
}

json to_json(const FitLoopResult& fit) {
  return {{"steps", fit.steps},
          {"best_step", fit.best_step},
          {"held_out_accuracy", fit.held_out.accuracy},
          {"held_out_macro_f1", fit.held_out.macro_f1}};
}

struct TaughtTeacher {
  FittedTeacher fitted;
  std::string warm_start;  // what was taken of a saved Teacher; empty without one
};

TaughtTeacher teach(const TrainingPart& part, const Model& model, const TrainOptions& options,
                    std::mt19937_64& rng, Verbosity verbosity) {
  const TeacherContext context{model.genes, model.patterns, model.classes};
  TaughtTeacher taught;
  FitTeacherOptions fit = options.teacher;
  if (!options.warm_start.empty()) {
    fit.start = Teacher(model.patterns, model.genes.size(), part.classes, fit.network);
    taught.warm_start = warm_start(options.warm_start, fit.start, context).summary;
    if (verbosity == Verbosity::Normal)
      std::fprintf(stderr, "note: warm start, %s\n", taught.warm_start.c_str());
  }
  taught.fitted = fit_teacher(part, model.patterns, fit, rng, verbosity);
  if (!options.save_teacher.empty()) save_teacher(options.save_teacher, taught.fitted.network, context);
  return taught;
}

json to_json(const TaughtTeacher& teacher) {
  json report = to_json(teacher.fitted.fit);
  report["held_out_macro_f1_at_start"] = teacher.fitted.at_start.macro_f1;
  if (!teacher.warm_start.empty()) report["warm_start"] = teacher.warm_start;
  return report;
}

// Scores of the held-out cells through the same code that annotates queries.
json held_out_scores(const Model& model, const Cells& held_out) {
  const CountMatrix expression = expression_of(held_out, model.recipe);
  std::vector<std::string> truth;
  for (const std::int32_t label : held_out.label) truth.push_back(model.classes[at(label)].name);
  Scorer scorer(model);
  scorer.add(annotate(model, expression), truth);
  return plkd::to_json(scorer.scores(), model);
}

}  // namespace

void check(const TrainOptions& options) {
  const TeacherOptions& teacher = options.teacher.network;
  if (teacher.embed % teacher.heads != 0) {
    const std::int64_t nearest = std::max(teacher.heads, teacher.embed / teacher.heads * teacher.heads);
    throw Error(ErrorKind::WrongUsage,
                "--teacher-width " + std::to_string(teacher.embed) + " does not divide by --teacher-heads " +
                    std::to_string(teacher.heads),
                "a width of " + std::to_string(nearest) + " does");
  }
  const bool has_teacher = options.student.teacher_share > 0;
  for (const auto& [option, file] :
       {std::pair("--warm-start", options.warm_start), std::pair("--save-teacher", options.save_teacher)}) {
    if (has_teacher || file.empty()) continue;
    throw Error(ErrorKind::WrongUsage, std::string(option) + ": with --teacher-share 0 there is no Teacher",
                "leave one of the two out");
  }
}

TrainedModel train(const Reference& reference, const TrainOptions& options, Verbosity verbosity) {
  check(options);
  const steady_clock::time_point start = steady_clock::now();
  if (options.threads > 0) torch::set_num_threads(options.threads);
  torch::manual_seed(options.seed);
  std::mt19937_64 rng(options.seed);
  TrainedModel trained;
  Model& model = trained.model;
  model.card = options.card;
  model.classes = reference.classes;
  if (!options.ontology.empty()) set_ontology(model, read_obo(options.ontology));

  SplitOptions split_options;
  split_options.seed = options.seed;
  const Split split =
      split_cells(reference.cells.label, reference.batch, reference.batch_names, split_options);
  trained.held_out = split.held_out;
  TrainingPart part;
  part.device = device_of(options.device);
  part.classes = static_cast<std::int64_t>(reference.classes.size());
  part.recipe = model.recipe;
  part.train = select(reference.cells, split.train);
  part.held_out = select(reference.cells, split.held_out);
  for (std::size_t c = 0; c < model.classes.size(); ++c) model.classes[c].reference_cells = 0;
  for (const std::int32_t label : part.train.label) ++model.classes[at(label)].reference_cells;

  // Genes and patterns are chosen on the training part alone: the held-out cells are strangers until they are
  // scored.
  HighlyVariableOptions gene_options;
  gene_options.genes = options.genes;
  const std::vector<std::int32_t> genes =
      genes_varying_by_label(expression_of(part.train, part.recipe), part.train.label, gene_options);
  part.train.counts = select_genes(part.train.counts, genes);
  part.held_out.counts = select_genes(part.held_out.counts, genes);
  model.genes = select_genes(reference.genes, genes);
  ChoosePatternsOptions pattern_options = options.patterns;
  pattern_options.seed = options.seed;
  model.patterns = choose_patterns(expression_of(part.train, part.recipe), model.genes, pattern_options);
  part.input_scale = input_scale_of(part.train, part.recipe);
  const double prepared_s = seconds_since(start);

  TaughtTeacher teacher;
  const bool has_teacher = options.student.teacher_share > 0;
  if (has_teacher) teacher = teach(part, model, options, rng, verbosity);
  const double taught_s = seconds_since(start);
  DistilledStudent student =
      distil(part, teacher.fitted.network, model.patterns, options.student, rng, verbosity);
  const double distilled_s = seconds_since(start);

  trained.logits = logits_of(student.network, part);
  model.student = to_student(student.network, part);
  if (has_teacher) weigh_genes(model.patterns, teacher.fitted.network);
  model.class_means = class_means(part.train, part.classes);
  model.calibration = calibrate_student(model, part.held_out, rng);
  model.card.scores = held_out_scores(model, part.held_out);
  model.provenance = {{"data_digest", digest(reference)},
                      {"seed", options.seed},
                      {"patterns", kind_of(options.patterns)},
                      {"split", split.how},
                      {"training_cells", part.train.size()},
                      {"held_out_cells", part.held_out.size()},
                      {"teacher_share", options.student.teacher_share},
                      {"teacher", has_teacher ? to_json(teacher) : json()},
                      {"student", to_json(student.fit)},
                      {"pattern_agreement",
                       {{"across_cells", student.patterns.across_cells},
                        {"across_patterns", student.patterns.across_patterns}}},
                      {"plkd_version", PLKD_VERSION},
                      {"torch_version", TORCH_VERSION}};
  trained.report = model.provenance;
  trained.report["genes"] = model.genes.size();
  trained.report["pattern_count"] = model.patterns.size();
  trained.report["classes"] = model.classes.size();
  trained.report["notes"] = reference.notes;
  trained.report["held_out_scores"] = model.card.scores;
  trained.report["device"] = part.device.is_cuda() ? "cuda" : "cpu";
  trained.report["seconds"] = {
      {"prepare", prepared_s}, {"teacher", taught_s - prepared_s}, {"student", distilled_s - taught_s}};
  return trained;
}

}  // namespace plkd

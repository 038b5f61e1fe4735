#include "trainer/train.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "shared/annotate/annotate.h"
#include "shared/annotate/scores.h"
#include "shared/error.h"
#include "shared/genes/gene_table.h"
#include "shared/ontology/read_obo.h"
#include "shared/preprocess/log_normalise.h"
#include "trainer/export/teacher_graph.h"
#include "trainer/export/to_student.h"
#include "trainer/fit/calibrate_student.h"
#include "trainer/fit/resume_file.h"
#include "trainer/memory.h"
#include "trainer/memory_plan.h"
#include "trainer/process.h"
#include "trainer/teacher/checkpoint.h"
#include "trainer/torch.h"

namespace plkd {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kCPU).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<float> logits_of(StudentNet& network, const TrainingPart& part) {
  const torch::NoGradGuard no_gradient;
  std::vector<float> all;
  for_each_slice(part.held_out, [&](const Cells& slice) {
    const std::vector<float> logits = values_of(network->forward(part.input(slice)).logits);
    all.insert(all.end(), logits.begin(), logits.end());
  });
  return all;
}

void weigh_genes(std::vector<Pattern>& patterns, const Teacher& teacher) {
  const torch::Tensor largest = teacher->pattern_layer().gene_weight().to(torch::kCPU).contiguous();
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

double rate_of(const FitLoopResult& fit) {
  return fit.training_s > 0 ? static_cast<double>(fit.cells) / fit.training_s : 0;
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
  fit.network.modalities = part.recipe.blocks;
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

// With the first held-out cells as its example.
ExportedTeacher export_teacher(Teacher& teacher, const TeacherOptions& options, const TrainingPart& part) {
  constexpr std::int64_t kExampleCells = 4;
  std::vector<std::int64_t> chosen;
  for (std::int64_t cell = 0; cell < std::min(kExampleCells, part.held_out.size()); ++cell) chosen.push_back(cell);
  Cells cells = select(part.held_out, chosen);
  const TeacherView view = ask(teacher, part.input(cells));
  log_normalise(cells.counts, cells.library, part.recipe);
  return {graph_of(teacher, options, cells.counts.genes, part.input_scale),
          {cells.counts, values_of(view.logits), values_of(view.attention)}};
}

json to_json(const TaughtTeacher& teacher) {
  json report = to_json(teacher.fitted.fit);
  report["held_out_macro_f1_at_start"] = teacher.fitted.at_start.macro_f1;
  if (!teacher.warm_start.empty()) report["warm_start"] = teacher.warm_start;
  return report;
}

json scores_of(const Model& model, const StoredCells& cells) { return plkd::to_json(score(model, cells), model); }

void count_cells(Model& model, const StoredCells& learnt) {
  for (CellType& type : model.classes) type.reference_cells = 0;
  for (const std::int32_t label : learnt.label) ++model.classes[at(label)].reference_cells;
}

// What each table added to the genes, by its file's name; proteins and chromatin keep their names.
std::vector<std::string> add_gene_tables(Model& model, const std::vector<std::string>& tables, Verbosity verbosity) {
  GeneVocabulary genes = genes_alone(model.genes, model.recipe.blocks);
  const std::int64_t first_other = genes.size();
  std::vector<std::string> added;
  for (const std::string& path : tables) {
    added.push_back(std::filesystem::path(path).filename().string() + ": " +
                    describe(add_gene_table(genes, path)));
    if (verbosity == Verbosity::Normal) std::fprintf(stderr, "note: %s\n", added.back().c_str());
  }
  if (!model.recipe.blocks.empty())
    append(genes, features_of(model.genes, {Modality::Rna, first_other, model.genes.size()}));
  model.genes = std::move(genes);
  return added;
}

void require_batches(const TrainingPart& part, const TrainOptions& options) {
  if (options.teacher.alignment_weight == 0 && options.student.alignment_weight == 0) return;
  const std::set<std::int32_t> batches(part.train_batch.begin(), part.train_batch.end());
  if (batches.size() > 1 || part.recipe.blocks.size() > 1) return;
  throw Error(ErrorKind::BadInput, "--integrate: all training cells are of one batch",
              "name the column that tells batches apart with --batch, or leave --integrate out");
}

// What a checkpoint must agree with, a line each.
std::string training_of(const Reference& reference, const TrainOptions& options) {
  return "plkd " PLKD_VERSION "\nLibTorch " TORCH_VERSION "\ncells " + reference.digest + "\nseed " +
         std::to_string(options.prepare.seed) + "\nthreads " + std::to_string(torch::get_num_threads()) + "\n" +
         options.as_told;
}

TrainedModel train_from(const Reference& reference, const TrainOptions& options, Verbosity verbosity) {
  const steady_clock::time_point start = steady_clock::now();
  const std::uint64_t seed = options.prepare.seed;
  torch::manual_seed(seed);
  std::mt19937_64 rng(seed);
  const Prepared prepared = prepare(reference, options.prepare, verbosity);
  const TrainingPart& part = prepared.part;
  require_batches(part, options);
  TrainedModel trained;
  trained.held_out = prepared.split.held_out;
  Model& model = trained.model;
  model.card = options.card;
  model.recipe = part.recipe;
  model.genes = prepared.genes;
  const std::vector<std::string> named = add_gene_tables(model, options.gene_tables, verbosity);
  model.patterns = prepared.patterns;
  model.classes = reference.classes;
  if (!options.ontology.empty()) set_ontology(model, read_obo(options.ontology));
  const double prepared_s = seconds_since(start);

  const MemoryPlan plan = plan_memory(prepared, options);
  if (verbosity == Verbosity::Normal) std::fprintf(stderr, "note: %s\n", describe(plan).c_str());

  TaughtTeacher teacher;
  const bool has_teacher = options.student.teacher_share > 0;
  if (has_teacher) teacher = teach(part, model, options, rng, verbosity);
  const double taught_s = seconds_since(start);
  std::optional<Committee> committee;
  if (has_teacher) committee.emplace(part, teacher.fitted.network, options.committee, rng, verbosity);
  DistilledStudent student =
      distil(part, committee ? &*committee : nullptr, model.patterns, options.student, rng, verbosity);
  const double distilled_s = seconds_since(start);

  model.student = to_student(student.network, part);
  if (has_teacher) weigh_genes(model.patterns, teacher.fitted.network);
  if (!options.teacher_out.empty())
    trained.teacher = export_teacher(teacher.fitted.network, options.teacher.network, part);
  model.class_means = class_means(part.train, part.classes, part.recipe);
  model.calibration = calibrate_student(model, part.train, part.held_out, rng);
  model.partial = calibrate_partially(model, part.train, part.held_out, rng);
  const bool leaks = !prepared.split.never_drawn.empty();
  const json held_out = scores_of(model, part.held_out);
  model.card.scores = leaks ? scores_of(model, prepared.never_drawn) : held_out;
  const bool has_final_fit = options.final_fit == FinalFit::AllCells && !leaks;
  const TrainingPart learnt = has_final_fit ? with_all_cells(part) : part;
  StudentNet shipped = student.network;
  if (has_final_fit) {
    if (committee) committee->refit(learnt, rng, verbosity);
    shipped =
        distil(learnt, committee ? &*committee : nullptr, model.patterns, options.student, rng, verbosity)
            .network;
    model.student = to_student(shipped, learnt);
    model.calibration.novelty = novelty_space(model, learnt.train, rng);
    for (PartialCalibration& partial : model.partial)
      partial.calibration.novelty = novelty_space(model, learnt.train, rng, partial.present);
  }
  count_cells(model, learnt.train);
  model.class_means = class_means(learnt.train, learnt.classes, learnt.recipe);
  trained.logits = logits_of(shipped, part);
  const double fitted_s = seconds_since(start);
  model.provenance = {{"data_digest", reference.digest},
                      {"seed", seed},
                      {"patterns", kind_of(options.prepare.patterns)},
                      {"split", prepared.split.how},
                      {"training_cells", learnt.train.size()},
                      {"held_out_cells", part.held_out.size()},
                      {"final_fit", has_final_fit ? "all cells" : "training cells"},
                      {"teacher_share", options.student.teacher_share},
                      {"teacher", has_teacher ? to_json(teacher) : json()},
                      {"student", to_json(student.fit)},
                      {"pattern_agreement",
                       {{"across_cells", student.patterns.across_cells},
                        {"across_patterns", student.patterns.across_patterns}}},
                      {"plkd_version", PLKD_VERSION},
                      {"torch_version", TORCH_VERSION}};
  if (!named.empty()) model.provenance["gene_tables"] = named;
  if (!options.as_published.empty()) model.provenance["reference_mode"] = options.as_published;
  trained.report = model.provenance;
  trained.report["genes"] = model.genes.size();
  trained.report["pattern_count"] = model.patterns.size();
  trained.report["classes"] = model.classes.size();
  trained.report["notes"] = reference.notes;
  trained.report["held_out_scores"] = model.card.scores;
  // Copies of training cells among the held-out ones flatter these.
  if (leaks) trained.report["leaked_scores"] = held_out;
  trained.report["device"] = part.device.is_cuda() ? "cuda" : "cpu";
  trained.report["cells_per_s"] = {{"teacher", rate_of(teacher.fitted.fit)},
                                   {"student", rate_of(student.fit)}};
  const double peak_mb = peak_memory_mb();
  if (verbosity == Verbosity::Normal)
    std::fprintf(stderr, "note: %.0f MB at the peak, %.0f planned\n", peak_mb, plan.most_mb());
  trained.report["memory_mb"] = {{"planned", plan.most_mb()}, {"plan", to_json(plan)}, {"peak", peak_mb}};
  trained.report["seconds"] = {{"prepare", prepared_s},
                               {"teacher", taught_s - prepared_s},
                               {"student", distilled_s - taught_s},
                               {"final_fit", fitted_s - distilled_s}};
  return trained;
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
       {std::pair("--warm-start", options.warm_start), std::pair("--save-teacher", options.save_teacher),
        std::pair("--teacher-out", options.teacher_out)}) {
    if (has_teacher || file.empty()) continue;
    throw Error(ErrorKind::WrongUsage, std::string(option) + ": with --teacher-share 0 there is no Teacher",
                "leave one of the two out");
  }
  if (teacher.layout == TokenLayout::AsPublished && !options.teacher_out.empty()) {
    throw Error(ErrorKind::WrongUsage,
                "--teacher-out: the published tokens mix patterns, so attention to them is not exported",
                "leave --teacher-out out, or the tokens out of --reference-mode");
  }
}

TrainedModel train(const Reference& reference, const TrainOptions& options, Verbosity verbosity) {
  check(options);
  use_threads(options.threads);
  if (options.checkpoint.empty()) return train_from(reference, options, verbosity);
  ResumeFile resume(options.checkpoint, training_of(reference, options), options.checkpoint_every_s);
  if (resume.was_there() && verbosity == Verbosity::Normal) {
    std::fprintf(stderr, "note: goes on from %s, where %zu fits are done\n", options.checkpoint.c_str(),
                 resume.finished());
  }
  TrainOptions kept = options;
  kept.teacher.loop.resume = kept.committee.resume = kept.student.loop.resume = &resume;
  return train_from(reference, kept, verbosity);
}

}  // namespace plkd

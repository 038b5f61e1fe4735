#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/choose_types.h"
#include "shared/annotate/confusion.h"
#include "shared/annotate/displace.h"
#include "shared/annotate/scores.h"
#include "shared/cli/adapt_query.h"
#include "shared/cli/annotate_slices.h"
#include "shared/cli/evaluate_integration.h"
#include "shared/cli/panel_reader.h"
#include "shared/cli/progress.h"
#include "shared/cli/query_flags.h"
#include "shared/cli/select_cells.h"
#include "shared/cli/verbs.h"
#include "shared/cli/write_file.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"

namespace plkd {

namespace {

struct Options {
  std::string model;
  std::string cells;
  std::string labels;
  std::vector<std::string> where;
  std::vector<std::string> drop;
  bool integration = false;
  std::string batch;
  OpenCountsOptions open;
  QueryFlags query;
  double panel = 1;
  std::uint64_t panel_seed = 1;
  std::string json;
  std::string confusion;
  std::vector<std::string> only;
  bool adapt = false;
  double error_rate = DecideOptions{}.error_rate;
  int threads = default_threads();
  bool quiet = false;
};

// The true label of each cell, empty for cells that --where and --drop leave out.
std::vector<std::string> truth_of(CountsReader& reader, const Options& options) {
  const std::vector<std::string> labels = names_in(reader.column(options.labels));
  std::vector<std::string> truth(labels.size());
  for (const std::int64_t cell : cells_where(reader, options.where, options.drop))
    truth[static_cast<std::size_t>(cell)] = labels[static_cast<std::size_t>(cell)];
  return truth;
}

std::string shown(double share) {
  if (std::isnan(share)) return "nothing";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", share);
  return text;
}

void print(const Scores& scores) {
  std::printf("cells %lld, of a type the model knows %lld\n", static_cast<long long>(scores.cells),
              static_cast<long long>(scores.cells_known));
  std::printf("accuracy %.4f  macro F1 %.4f  balanced accuracy %.4f  (every cell labelled)\n", scores.accuracy,
              scores.macro_f1, scores.balanced_accuracy);
  std::printf("coverage %.4f (types %.4f, broader %.4f)  accuracy at coverage %.4f\n", scores.coverage,
              scores.coverage_types, scores.coverage_broader, scores.accuracy_at_coverage);
  std::printf("wrong labels: promised %s  expected at shift %.3f %s  observed %.4f\n", shown(scores.promised_error).c_str(),
              scores.shift, shown(scores.expected_error_at_shift).c_str(), scores.observed_error);
  std::printf("calibration error (ECE) %.4f\n", scores.ece);
  if (scores.cells > scores.cells_known)
    std::printf("unknown AUROC %.4f  FPR at 95 %% TPR %.4f\n", scores.unknown_auroc, scores.fpr_at_95_tpr);
  std::printf("%-32s %8s %10s %8s %8s\n", "type", "cells", "precision", "recall", "F1");
  for (const ClassScore& type : scores.per_class)
    std::printf("%-32s %8lld %10.4f %8.4f %8.4f\n", type.name.c_str(), static_cast<long long>(type.cells),
                type.precision, type.recall, type.f1);
}

void print(const Confusion& confusion) {
  std::printf("by the ontology:");
  for (const auto& [agreement, cells] : confusion.agreements())
    std::printf(" %s %lld", name_of(agreement).c_str(), static_cast<long long>(cells));
  std::printf("\n");
}

void run(const Options& options) {
  if (!options.batch.empty() && !options.integration && !options.adapt)
    throw Error(ErrorKind::WrongUsage, "--batch changes no score without --integration or --adapt", "add either");
  Model model = read_model(options.model);
  const std::vector<char> is_possible = choose_types(model, options.only);
  std::unique_ptr<CountsReader> reader = open_counts(options.cells, options.open);
  if (options.panel < 1) reader = open_panel(std::move(reader), options.panel, options.panel_seed);
  const std::vector<std::string> truth = truth_of(*reader, options);
  std::vector<std::string> batch;
  if (!options.batch.empty()) batch = names_in(reader->column(options.batch));
  // An evaluation finds out whether the labels hold, so the gate has nothing to protect from.
  QueryOptions match = options.query.options();
  match.gate = Gate::Report;
  Query query(*reader, model, match);
  calibrate_for(model, query.report().used());
  const Verbosity verbosity = options.quiet ? Verbosity::Quiet : Verbosity::Normal;
  warn(query.report(), verbosity);
  if (options.adapt) adapt(query, model, batches_of(*reader, options.batch, truth), verbosity);
  const Novelty displaced = displace(query, model, batches_of(*reader, "", truth));
  const DecideOptions decide{options.error_rate, &displaced, is_possible};
  Scorer scorer(model, decide, query.report().share());
  Confusion confusion(model);
  Progress progress("evaluate", query.cells(), verbosity);
  annotate_slices(query, model, {.threads = options.threads, .decide = decide}, [&](std::int64_t first, const Annotations& slice) {
    const std::vector<std::string> given(truth.begin() + first, truth.begin() + first + slice.cells());
    scorer.add(slice, given);
    confusion.add(slice, given);
    progress.set(first + slice.cells());
  });
  progress.finish();

  const Scores scores = scorer.scores();
  if (!options.confusion.empty()) {
    write_file(options.confusion, confusion.csv());
    if (!options.quiet) print(confusion);
    if (scores.cells_known == 0) return;  // compared, and nothing to score
  }
  if (scores.cells_known == 0)
    throw Error(ErrorKind::BadInput,
                options.cells + ": no cell has a label of the model in column '" + options.labels + "'",
                "labels must be spelt as in the model, which plkd describe shows; --confusion compares any others");
  if (!options.quiet) print(scores);
  nlohmann::json report = to_json(scores, model);
  report["agreement"] = confusion.to_json();
  report["genes_matched"] = query.report().alignment.matched();
  if (options.integration) {
    const IntegrationScores integration = evaluate_integration(query, model, truth, batch);
    report["integration"] = to_json(integration);
    if (!options.quiet) print(integration);
    const std::vector<ViewScores> views = evaluate_views(query, model, truth);
    for (const ViewScores& pair : views) report["integration"]["views"].push_back(to_json(pair));
    if (!options.quiet) print(views);
  }
  if (!options.json.empty()) write_file(options.json, report.dump(2) + '\n');
}

}  // namespace

void add_evaluate(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("evaluate", "compare a model's labels with labels that are known");
  const auto options = std::make_shared<Options>();
  verb->add_option("--model", options->model, "model file (.onnx)")->required();
  verb->add_option("--cells", options->cells, "labelled cells (.h5ad)")->required();
  verb->add_option("--labels", options->labels, "column of the cells' table with the true labels")->required();
  verb->add_option("--where", options->where, "COLUMN=VALUE: only these cells; may be repeated");
  verb->add_option("--drop", options->drop, "COLUMN=VALUE: without these cells; may be repeated");
  verb->add_flag("--integration", options->integration,
                 "how well the latents mix by type and not by batch, of up to 20,000 cells; of several modalities also whether the "
                 "same cells seen by each lie together");
  verb->add_option("--batch", options->batch, "column that tells batches or technologies apart, for --integration and --adapt");
  verb->add_option("--slot", options->open.slot, kSlotHelp);
  declare_match(*verb, options->query);
  verb->add_option("--error-rate", options->error_rate, "share of wrong labels to accept, as for annotate")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  verb->add_option("--only", options->only, "types that are possible here, as for annotate; cells of the others count as of types unseen");
  verb->add_flag("--adapt", options->adapt, "first scale each gene of the cells evaluated, as annotate does");
  verb->add_option("--panel", options->panel, "as if only this share of the file's genes, drawn at random, had been measured")
      ->check(CLI::Range(0.0001, 1.0))
      ->capture_default_str();
  verb->add_option("--panel-seed", options->panel_seed, "draws other genes for --panel")->capture_default_str();
  verb->add_option("--confusion", options->confusion, "write known labels x labels given (CSV, cells); of any column, whatever its names");
  verb->add_option("--json", options->json, "write the scores to this file");
  verb->add_option("--threads", options->threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  verb->add_flag("--quiet", options->quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

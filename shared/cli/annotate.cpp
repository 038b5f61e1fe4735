#include "shared/annotate/annotate.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/displace.h"
#include "shared/cli/adapt_query.h"
#include "shared/cli/annotate_slices.h"
#include "shared/cli/progress.h"
#include "shared/cli/query_flags.h"
#include "shared/cli/verbs.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/model/model.h"

namespace plkd {

namespace {

struct Options {
  std::string model;
  std::string cells;
  std::string out = "labels.csv";
  OpenCountsOptions open;
  QueryFlags query;
  int threads = default_threads();
  double error_rate = DecideOptions{}.error_rate;
  bool adapt = false;
  std::string batch;
  bool label_all = false;
  bool quiet = false;
};

// How many cells got which label, in the model's order, broader terms and unknown last.
class LabelCounts {
 public:
  explicit LabelCounts(const Model& model) : model_(model), types_(model.classes.size()), terms_(model.broader.size()) {}

  void add(const Annotations& annotations, std::size_t cell, UnknownPolicy policy) {
    const LabelKind kind = policy == UnknownPolicy::LabelAll ? LabelKind::Type : annotations.kind[cell];
    if (kind == LabelKind::Type) ++types_[static_cast<std::size_t>(annotations.best[cell])];
    if (kind == LabelKind::Broader) ++terms_[static_cast<std::size_t>(annotations.term[cell])];
    if (kind == LabelKind::Unknown) ++unknown_;
  }

  void print() const {
    for (std::size_t type = 0; type < types_.size(); ++type) print(types_[type], model_.classes[type].name);
    for (std::size_t term = 0; term < terms_.size(); ++term)
      print(terms_[term], model_.broader[term].name + " (" + model_.broader[term].id + "), type unsure");
    print(unknown_, "unknown");
  }

 private:
  static void print(std::int64_t cells, const std::string& label) {
    if (cells > 0) std::printf("%8lld  %s\n", static_cast<long long>(cells), label.c_str());
  }

  const Model& model_;
  std::vector<std::int64_t> types_;
  std::vector<std::int64_t> terms_;
  std::int64_t unknown_ = 0;
};

void run(const Options& options) {
  const Model model = read_model(options.model);
  const std::unique_ptr<CountsReader> reader = open_counts(options.cells, options.open);
  Query query(*reader, model, options.query.options());
  const Verbosity verbosity = options.quiet ? Verbosity::Quiet : Verbosity::Normal;
  if (!options.quiet)
    std::fprintf(stderr, "%s: %lld cells, %s; %s\n", options.cells.c_str(), static_cast<long long>(query.cells()),
                 name_of(query.report().inspection.kind).c_str(), describe(query.report().alignment).c_str());
  warn(query.report(), verbosity);

  if (options.adapt) adapt(query, model, batches_of(*reader, options.batch), verbosity);
  const Novelty displaced = displace(query, model);
  std::ofstream out(options.out, std::ios::binary);
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the folder");
  out << csv_header() << '\n';
  const UnknownPolicy policy = options.label_all ? UnknownPolicy::LabelAll : UnknownPolicy::Allow;
  LabelCounts counts(model);
  ShiftMeter meter;
  Progress progress("annotate", query.cells(), verbosity);
  annotate_slices(query, model, {.threads = options.threads, .decide = {options.error_rate, &displaced}}, [&](std::int64_t first, const Annotations& slice) {
    const std::vector<std::string> names = reader->cell_names(first, first + slice.cells());
    for (std::int64_t cell = 0; cell < slice.cells(); ++cell) {
      const auto at = static_cast<std::size_t>(cell);
      out << csv_line(model, slice, cell, names[at], policy) << '\n';
      counts.add(slice, at, policy);
    }
    meter.add(slice.undisplaced_score);
    progress.set(first + slice.cells());
  });
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the free space");
  progress.finish();

  if (options.quiet) return;
  counts.print();
  if (!options.label_all)
    std::printf("%s\n", statement(expected_error(model.calibration.promise, options.error_rate, meter.shift()), meter.beyond_95()).c_str());
  std::printf("written to %s\n", options.out.c_str());
}

}  // namespace

void add_annotate(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("annotate", "label the cells of a matrix with a model");
  const auto options = std::make_shared<Options>();
  verb->add_option("--model", options->model, "model file (.onnx)")->required();
  verb->add_option("--cells", options->cells, "the cells: .h5ad, or 10x MatrixMarket (folder or matrix file)")->required();
  verb->add_option("--out", options->out, "labels, one line a cell")->capture_default_str();
  verb->add_option("--slot", options->open.slot, "matrix of an h5ad: X, raw.X or layers/NAME (default: where counts are)");
  declare_query(*verb, options->query);
  verb->add_option("--threads", options->threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  verb->add_option("--error-rate", options->error_rate,
                   "share of wrong labels to accept; less gives fewer and broader labels (see describe)")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  CLI::Option* adapt = verb->add_flag("--adapt", options->adapt,
                                      "first scale each gene to what the predicted types express in the reference; for a file "
                                      "of another chemistry, never over several technologies without --batch");
  verb->add_option("--batch", options->batch, "column that tells batches or technologies apart, each adapted by itself")
      ->needs(adapt);
  verb->add_flag("--label-all", options->label_all, "give every cell its best type, none is broader or unknown");
  verb->add_flag("--quiet", options->quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

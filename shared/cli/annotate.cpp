#include "shared/annotate/annotate.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/cli/annotate_slices.h"
#include "shared/cli/progress.h"
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
  int threads = default_threads();
  bool label_all = false;
  bool quiet = false;
};

void run(const Options& options) {
  const Model model = read_model(options.model);
  const std::unique_ptr<CountsReader> reader = open_counts(options.cells, options.open);
  Query query(*reader, model);
  const Verbosity verbosity = options.quiet ? Verbosity::Quiet : Verbosity::Normal;
  if (!options.quiet)
    std::fprintf(stderr, "%s: %lld cells, %s; %s\n", options.cells.c_str(), static_cast<long long>(query.cells()),
                 name_of(query.report().inspection.kind).c_str(), describe(query.report().alignment).c_str());

  std::ofstream out(options.out, std::ios::binary);
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the folder");
  out << csv_header() << '\n';
  const UnknownPolicy policy = options.label_all ? UnknownPolicy::LabelAll : UnknownPolicy::Allow;
  std::vector<std::int64_t> cells_of(model.classes.size(), 0);
  std::int64_t unknown = 0;
  Progress progress("annotate", query.cells(), verbosity);
  annotate_slices(query, model, {options.threads}, [&](std::int64_t first, const Annotations& slice) {
    const std::vector<std::string> names = reader->cell_names(first, first + slice.cells());
    for (std::int64_t cell = 0; cell < slice.cells(); ++cell) {
      const auto at = static_cast<std::size_t>(cell);
      out << csv_line(model, slice, cell, names[at], policy) << '\n';
      if (slice.is_unknown[at] != 0 && policy == UnknownPolicy::Allow)
        ++unknown;
      else
        ++cells_of[static_cast<std::size_t>(slice.best[at])];
    }
    progress.set(first + slice.cells());
  });
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the free space");
  progress.finish();

  if (options.quiet) return;
  for (std::size_t label = 0; label < cells_of.size(); ++label)
    if (cells_of[label] > 0) std::printf("%8lld  %s\n", static_cast<long long>(cells_of[label]), model.classes[label].name.c_str());
  if (unknown > 0) std::printf("%8lld  unknown\n", static_cast<long long>(unknown));
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
  verb->add_option("--threads", options->threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  verb->add_flag("--label-all", options->label_all, "give every cell its best label, none is unknown");
  verb->add_flag("--quiet", options->quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

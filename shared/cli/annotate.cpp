#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/annotate.h"
#include "shared/cli/annotation_run.h"
#include "shared/cli/verbs.h"
#include "shared/cli/write_file.h"
#include "shared/error.h"
#include "shared/results/result_columns.h"
#include "shared/results/write_annotated_h5ad.h"

namespace plkd {

namespace {

namespace fs = std::filesystem;

struct Options {
  AnnotationRequest request;
  std::string out = "labels.csv";
  std::string receipt;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Before an hour's work, not after it.
void refuse_to_overwrite(const std::string& out, const std::string& input) {
  std::error_code none;
  if (!out.empty() && fs::equivalent(out, input, none))
    throw Error(ErrorKind::WrongUsage, out + ": is an input, which is never changed", "give another name");
}

void write_csv(AnnotationRun& run, const Options& options) {
  std::ofstream out(options.out, std::ios::binary);
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the folder");
  out << csv_header() << '\n';
  run.run([&](const Annotations& slice, const std::vector<std::string>& names) {
    for (std::size_t cell = 0; cell < names.size(); ++cell)
      out << csv_line(run.model(), slice, static_cast<std::int64_t>(cell), names[cell], options.request.policy()) << '\n';
  });
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, options.out + ": cannot be written", "check the free space");
  if (!options.receipt.empty()) write_file(options.receipt, run.receipt().dump(2) + '\n');
}

void write_h5ad(AnnotationRun& run, const Options& options) {
  ResultCollector collector(run.model(), options.request.policy());
  run.run([&](const Annotations& slice, const std::vector<std::string>&) { collector.add(slice); });
  const nlohmann::json receipt = run.receipt();
  ResultColumns results = collector.columns();
  results.about = {{"model", receipt["model"]["name"]},
                   {"model_digest", receipt["model"]["digest"]},
                   {"version", receipt["version"]},
                   {"options", receipt["options"].dump()},
                   {"receipt", receipt.dump()}};
  if (run.reader().format().rfind("h5ad", 0) == 0)
    write_annotated_h5ad(options.request.cells, options.out, results);
  else
    write_new_annotated_h5ad(run.reader(), options.out, results);
  if (!options.receipt.empty()) write_file(options.receipt, receipt.dump(2) + '\n');
}

void run(const Options& options) {
  for (const std::string& out : {options.out, options.receipt}) {
    refuse_to_overwrite(out, options.request.cells);
    refuse_to_overwrite(out, options.request.model);
  }
  AnnotationRun run(options.request);
  if (ends_with(options.out, ".h5ad"))
    write_h5ad(run, options);
  else
    write_csv(run, options);
  if (options.request.quiet) return;
  run.print();
  std::printf("written to %s\n", options.out.c_str());
}

}  // namespace

void add_annotate(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("annotate", "label the cells of a matrix with a model");
  const auto options = std::make_shared<Options>();
  AnnotationRequest& request = options->request;
  verb->add_option("--model", request.model, "model file (.onnx)")->required();
  verb->add_option("--cells", request.cells, "the cells: .h5ad, or 10x MatrixMarket (folder or matrix file)")->required();
  verb->add_option("--out", options->out,
                   "labels: a CSV with one line a cell; or, by its extension, an .h5ad: yours with columns added to obs, a map and "
                   "the receipt, all else untouched")
      ->capture_default_str();
  verb->add_option("--receipt", options->receipt, "write what the labels followed from (JSON); plkd verify checks it");
  verb->add_option("--only", request.only,
                   "types that are possible here, commas between them: names, ontology ids, or broader terms for all below them; "
                   "the others go, and these share their probability; may be repeated");
  verb->add_option("--slot", request.open.slot, "matrix of an h5ad: X, raw.X or layers/NAME (default: where counts are)");
  declare_query(*verb, request.query);
  verb->add_option("--threads", request.threads, "threads; no label depends on it")->check(CLI::Range(1, 1024))->capture_default_str();
  verb->add_option("--error-rate", request.error_rate,
                   "share of wrong labels to accept; less gives fewer and broader labels (see describe)")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  CLI::Option* adapt = verb->add_flag("--adapt", request.adapt,
                                      "first scale each gene to what the predicted types express in the reference; for a file "
                                      "of another chemistry, never over several technologies without --batch");
  verb->add_option("--batch", request.batch, "column that tells batches or technologies apart, each adapted by itself")
      ->needs(adapt);
  verb->add_flag("--label-all", request.label_all, "give every cell its best type, none is broader or unknown");
  verb->add_flag("--quiet", request.quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

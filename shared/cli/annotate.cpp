#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/annotate.h"
#include "shared/annotate/csv.h"
#include "shared/cli/annotation_run.h"
#include "shared/cli/query_flags.h"
#include "shared/cli/text_file.h"
#include "shared/cli/verbs.h"
#include "shared/cli/write_file.h"
#include "shared/error.h"
#include "shared/results/result_columns.h"
#include "shared/results/write_annotated_h5ad.h"
#include "shared/text.h"

namespace plkd {

namespace {

namespace fs = std::filesystem;

struct Options {
  AnnotationRequest request;
  QueryFlags query;
  std::string out = "labels.csv";
  std::string receipt;
};

bool is_h5ad(const std::string& out) { return ends_with(lower_case(out), ".h5ad"); }

char separator_of(const std::string& out) {
  const std::string name = lower_case(out);
  return ends_with(name, ".tsv") || ends_with(name, ".tsv.gz") ? '\t' : ',';
}

// Before an hour's work, not after it.
void refuse_to_overwrite(const std::string& out, const std::string& input) {
  std::error_code none;
  if (!out.empty() && fs::equivalent(out, input, none))
    throw Error(ErrorKind::WrongUsage, out + ": is an input, which is never changed", "give another name");
}

// Lines of a table as cells are labelled; where clusters vote, their columns are known when all cells are.
class LabelTable {
 public:
  LabelTable(AnnotationRun& run, const AnnotationRequest& request, const std::string& out)
      : run_(run), policy_(request.policy()), separator_(separator_of(out)), has_vote_(!request.options.clusters.empty()), file_(out) {}

  void write() {
    file_.write(csv_header(separator_) + (has_vote_ ? joined({"", "cluster", "cluster_label", "cluster_ontology_id", "cluster_share"}, between()) : "") + '\n');
    Annotations all;
    run_.run([&](const Annotations& slice, const std::vector<std::string>& names) {
      if (has_vote_) all.append(slice);
      else write(slice, names, 0);
    });
    if (has_vote_) write_with_vote(all);
    file_.close();
  }

 private:
  std::string between() const { return std::string(1, separator_); }

  // `first` is the cell that names begin with.
  void write(const Annotations& annotations, const std::vector<std::string>& names, std::int64_t first) {
    for (std::size_t at = 0; at < names.size(); ++at) {
      const std::int64_t cell = first + static_cast<std::int64_t>(at);
      file_.write(csv_line(run_.model(), annotations, cell, names[at], policy_, separator_) + vote_of(cell) + '\n');
    }
  }

  std::string vote_of(std::int64_t cell) const {
    if (clusters_.empty()) return "";
    const std::int32_t code = run_.vote()->clusters().code[static_cast<std::size_t>(cell)];
    if (code < 0) return joined({"", "", "", "", ""}, between());
    const ClusterLabel& cluster = clusters_[static_cast<std::size_t>(code)];
    const auto text = [&](const std::string& field) { return quoted_for_csv(field, separator_); };
    return joined({"", text(cluster.cluster), text(cluster.label.name), text(cluster.label.ontology_id), number_for_csv(cluster.share())}, between());
  }

  void write_with_vote(const Annotations& all) {
    constexpr std::int64_t kSlice = 4096;
    clusters_ = run_.vote()->labels();
    for (std::int64_t first = 0; first < all.cells(); first += kSlice)
      write(all, run_.reader().cell_names(first, std::min(first + kSlice, all.cells())), first);
  }

  AnnotationRun& run_;
  UnknownPolicy policy_;
  char separator_;
  bool has_vote_;
  TextFile file_;
  std::vector<ClusterLabel> clusters_;  // empty until they have voted
};

void write_table(AnnotationRun& run, const Options& options) {
  LabelTable(run, options.request, options.out).write();
  if (!options.receipt.empty()) write_file(options.receipt, run.receipt().dump(2) + '\n');
}

void write_h5ad(AnnotationRun& run, const Options& options) {
  ResultCollector collector(run.model(), options.request.policy());
  run.run([&](const Annotations& slice, const std::vector<std::string>&) { collector.add(slice); });
  const nlohmann::json receipt = run.receipt();
  const ResultColumns results = collector.columns(receipt, run.vote());
  if (keeps_results(run.reader()))
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
  AnnotationRequest request = options.request;
  request.options.orthologues = options.query.orthologues;
  request.options.force = options.query.force;
  request.options.without = options.query.without;
  AnnotationRun run(request);
  if (is_h5ad(options.out))
    write_h5ad(run, options);
  else
    write_table(run, options);
  if (request.quiet) return;
  run.print();
  std::printf("written to %s\n", options.out.c_str());
}

}  // namespace

void add_annotate(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("annotate", "label the cells of a matrix with a model");
  const auto options = std::make_shared<Options>();
  AnnotationRequest& request = options->request;
  verb->add_option("--model", request.model, "model file (.onnx)")->required();
  verb->add_option("--cells", request.cells, kCellsHelp)->required();
  verb->add_option("--out", options->out,
                   "labels, one line a cell: .csv or .tsv, packed with .gz; or an .h5ad: yours with columns added to obs, a map and "
                   "the receipt, all else untouched")
      ->capture_default_str();
  verb->add_option("--receipt", options->receipt, "write what the labels followed from (JSON); plkd verify checks it");
  verb->add_option("--only", request.options.only,
                   "types that are possible here, commas between them: names, ontology ids, or broader terms for all below them; "
                   "the others go, and these share their probability; may be repeated");
  verb->add_option("--clusters", request.options.clusters,
                   "column with clusters of your own: each gets the label of its majority, beside the labels of its cells");
  verb->add_option("--slot", request.options.slot, kSlotHelp);
  declare_query(*verb, options->query);
  verb->add_option("--threads", request.threads, "threads; no label depends on it")->check(CLI::Range(1, 1024))->capture_default_str();
  verb->add_option("--error-rate", request.options.error_rate,
                   "share of wrong labels to accept; less gives fewer and broader labels (see describe)")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  CLI::Option* adapt = verb->add_flag("--adapt", request.options.adapt,
                                      "first scale each gene to what the predicted types express in the reference; for a file "
                                      "of another chemistry, never over several technologies without --batch");
  verb->add_option("--batch", request.options.batch, "column that tells batches or technologies apart, each adapted by itself")
      ->needs(adapt);
  verb->add_flag("--label-all", request.options.label_all, "give every cell its best type, none is broader or unknown");
  verb->add_flag("--quiet", request.quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

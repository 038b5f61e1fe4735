#include "shared/cli/annotation_run.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "shared/annotate/choose_types.h"
#include "shared/annotate/displace.h"
#include "shared/cli/adapt_query.h"
#include "shared/cli/progress.h"
#include "shared/cli/query_flags.h"
#include "shared/counts/open_counts.h"
#include "shared/digest.h"
#include "shared/results/label_ledger.h"

namespace plkd {

namespace {

using nlohmann::json;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

ReceiptFile file_at(const std::string& path, const std::string& digest) {
  namespace fs = std::filesystem;
  std::error_code none;
  ReceiptFile file{fs::path(path).filename().string(), std::nullopt, digest};
  if (fs::is_regular_file(path, none)) file.bytes = fs::file_size(path, none);
  return file;
}

void print(const std::vector<LabelCount>& counts) {
  for (const auto& [label, kind, cells] : counts)
    std::printf("%8lld  %s%s\n", static_cast<long long>(cells), label.name.c_str(),
                kind == LabelKind::Broader ? (" (" + label.ontology_id + "), type unsure").c_str() : "");
}

void print(const std::vector<ClusterLabel>& clusters) {
  std::printf("%-20s %8s  %6s  label by majority\n", "cluster", "cells", "agree");
  for (const ClusterLabel& cluster : clusters)
    std::printf("%-20s %8lld  %4.0f %%  %s\n", cluster.cluster.c_str(), static_cast<long long>(cluster.cells), 100 * cluster.share(),
                cluster.label.name.c_str());
}

}  // namespace

struct AnnotationRun::Impl {
  explicit Impl(const AnnotationRequest& asked)
      : request(asked),
        model(read_model(asked.model)),
        is_possible(choose_types(model, asked.options.only)),
        reader(open_counts(asked.cells, {.slot = asked.options.slot})),
        query(*reader, model, QueryFlags{asked.options.orthologues, asked.options.force, asked.options.without}.options()),
        ledger(model, asked.policy()) {
    calibrate_for(model, query.report().used());
    if (!asked.options.clusters.empty()) vote.emplace(model, reader->column(asked.options.clusters), asked.policy());
  }

  AnnotationRequest request;
  Model model;
  std::vector<char> is_possible;
  std::unique_ptr<CountsReader> reader;
  Query query;
  Novelty displaced;
  LabelLedger ledger;
  std::optional<ClusterVote> vote;
  ShiftMeter meter;
};

AnnotationRun::AnnotationRun(const AnnotationRequest& request) : impl_(std::make_unique<Impl>(request)) {
  if (request.quiet) return;
  const QueryReport& report = impl_->query.report();
  const std::string of_genes =
      report.compares_genes() ? ", " + name_of(report.inspection.kind) + "; " + describe(report.alignment) : "";
  std::fprintf(stderr, "%s: %lld cells%s\n", request.cells.c_str(), static_cast<long long>(impl_->query.cells()), of_genes.c_str());
  std::fputs(describe_modalities(report, impl_->model).c_str(), stderr);
  warn(report, Verbosity::Normal);
}

AnnotationRun::~AnnotationRun() = default;

const Model& AnnotationRun::model() const { return impl_->model; }
CountsReader& AnnotationRun::reader() { return *impl_->reader; }

void AnnotationRun::run(const std::function<void(const Annotations&, const std::vector<std::string>& names)>& take) {
  Impl& own = *impl_;
  const Verbosity verbosity = own.request.quiet ? Verbosity::Quiet : Verbosity::Normal;
  if (own.request.options.adapt) adapt(own.query, own.model, batches_of(*own.reader, own.request.options.batch), verbosity);
  own.displaced = displace(own.query, own.model);
  Progress progress("annotate", own.query.cells(), verbosity);
  const AnnotateSlicesOptions options{.threads = own.request.threads,
                                      .decide = {own.request.options.error_rate, &own.displaced, own.is_possible}};
  annotate_slices(own.query, own.model, options, [&](std::int64_t first, const Annotations& slice) {
    const std::vector<std::string> names = own.reader->cell_names(first, first + slice.cells());
    own.ledger.add(slice, names);
    if (own.vote) own.vote->add(first, slice);
    take(slice, names);
    own.meter.add(slice.undisplaced_score);
    progress.set(first + slice.cells());
  });
  progress.finish();
}

const ClusterVote* AnnotationRun::vote() const { return impl_->vote ? &*impl_->vote : nullptr; }

void AnnotationRun::print() const {
  plkd::print(impl_->ledger.counts());
  if (impl_->vote) plkd::print(impl_->vote->labels());
  if (impl_->request.options.label_all) return;
  if (const std::string reason = no_promise_because(impl_->query.report()); !reason.empty()) {
    std::printf("nothing is promised: %s\n", reason.c_str());
    return;
  }
  const ExpectedError expected =
      expected_error(impl_->model.calibration.promise, impl_->request.options.error_rate, impl_->meter.shift(),
                     impl_->query.report().share());
  std::printf("%s\n", statement(expected, impl_->meter.beyond_95()).c_str());
}

json AnnotationRun::receipt() {
  Impl& own = *impl_;
  Digest of_model;
  of_model.add(bytes_of(own.request.model));
  return write_receipt({.engine = "native",
                        .model_file = file_at(own.request.model, of_model.hex()),
                        .cells_file = file_at(own.request.cells, digest_of(*own.reader)),
                        .options = own.request.options,
                        .model = own.model,
                        .cells = *own.reader,
                        .query = own.query,
                        .displaced = own.displaced,
                        .is_possible = own.is_possible,
                        .labels = own.ledger,
                        .vote = vote()});
}

}  // namespace plkd

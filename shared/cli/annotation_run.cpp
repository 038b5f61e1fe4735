#include "shared/cli/annotation_run.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "shared/annotate/choose_types.h"
#include "shared/annotate/displace.h"
#include "shared/cli/adapt_query.h"
#include "shared/cli/progress.h"
#include "shared/digest.h"
#include "shared/error.h"
#include "shared/results/receipt.h"

namespace plkd {

namespace {

using nlohmann::json;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

json options_of(const AnnotationRequest& request) {
  return {{"error_rate", request.error_rate}, {"adapt", request.adapt}, {"batch", request.batch}, {"only", request.only},
          {"label_all", request.label_all},   {"slot", request.open.slot}, {"orthologues", request.query.orthologues},
          {"force", request.query.force}};
}

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

  json by_label() const {
    json counts = json::object();
    const auto add = [&](const std::string& name, std::int64_t cells) {
      if (cells > 0) counts[name] = counts.value(name, std::int64_t{0}) + cells;
    };
    for (std::size_t type = 0; type < types_.size(); ++type) add(model_.classes[type].name, types_[type]);
    for (std::size_t term = 0; term < terms_.size(); ++term) add(model_.broader[term].name, terms_[term]);
    add("unknown", unknown_);
    return counts;
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

}  // namespace

struct AnnotationRun::Impl {
  explicit Impl(const AnnotationRequest& asked)
      : request(asked),
        model(read_model(asked.model)),
        is_possible(choose_types(model, asked.only)),
        reader(open_counts(asked.cells, asked.open)),
        query(*reader, model, asked.query.options()),
        counts(model) {}

  AnnotationRequest request;
  Model model;
  std::vector<char> is_possible;
  std::unique_ptr<CountsReader> reader;
  Query query;
  Novelty displaced;
  LabelCounts counts;
  ShiftMeter meter;
  Digest labels;
};

AnnotationRun::AnnotationRun(const AnnotationRequest& request) : impl_(std::make_unique<Impl>(request)) {
  if (request.quiet) return;
  const QueryReport& report = impl_->query.report();
  std::fprintf(stderr, "%s: %lld cells, %s; %s\n", request.cells.c_str(), static_cast<long long>(impl_->query.cells()),
               name_of(report.inspection.kind).c_str(), describe(report.alignment).c_str());
  warn(report, Verbosity::Normal);
}

AnnotationRun::~AnnotationRun() = default;

const Model& AnnotationRun::model() const { return impl_->model; }
CountsReader& AnnotationRun::reader() { return *impl_->reader; }

void AnnotationRun::run(const std::function<void(const Annotations&, const std::vector<std::string>& names)>& take) {
  Impl& own = *impl_;
  const Verbosity verbosity = own.request.quiet ? Verbosity::Quiet : Verbosity::Normal;
  if (own.request.adapt) adapt(own.query, own.model, batches_of(*own.reader, own.request.batch), verbosity);
  own.displaced = displace(own.query, own.model);
  Progress progress("annotate", own.query.cells(), verbosity);
  const AnnotateSlicesOptions options{.threads = own.request.threads,
                                      .decide = {own.request.error_rate, &own.displaced, own.is_possible}};
  annotate_slices(own.query, own.model, options, [&](std::int64_t first, const Annotations& slice) {
    const std::vector<std::string> names = own.reader->cell_names(first, first + slice.cells());
    for (std::size_t cell = 0; cell < names.size(); ++cell) {
      own.counts.add(slice, cell, own.request.policy());
      own.labels.add(csv_line(own.model, slice, static_cast<std::int64_t>(cell), names[cell], own.request.policy()));
    }
    take(slice, names);
    own.meter.add(slice.undisplaced_score);
    progress.set(first + slice.cells());
  });
  progress.finish();
}

void AnnotationRun::print() const {
  impl_->counts.print();
  if (impl_->request.label_all) return;
  if (const std::string reason = no_promise_because(impl_->query.report()); !reason.empty()) {
    std::printf("nothing is promised: %s\n", reason.c_str());
    return;
  }
  const ExpectedError expected =
      expected_error(impl_->model.calibration.promise, impl_->request.error_rate, impl_->meter.shift());
  std::printf("%s\n", statement(expected, impl_->meter.beyond_95()).c_str());
}

json AnnotationRun::receipt() {
  namespace fs = std::filesystem;
  Impl& own = *impl_;
  const QueryReport& report = own.query.report();
  Digest of_model;
  of_model.add(bytes_of(own.request.model));
  json cells = {{"file", fs::path(own.request.cells).filename().string()},
                {"format", own.reader->format()},
                {"cells", own.reader->cells()},
                {"genes", own.reader->genes().size()},
                {"digest", digest_of(*own.reader)}};
  std::error_code none;
  if (fs::is_regular_file(own.request.cells, none)) cells["bytes"] = fs::file_size(own.request.cells, none);
  json possible = json::array();
  for (std::size_t type = 0; type < own.is_possible.size(); ++type)
    if (own.is_possible[type]) possible.push_back(own.model.classes[type].name);
  return {{"receipt", kReceiptFormat},
          {"version", PLKD_VERSION},
          {"cells", cells},
          {"model",
           {{"name", own.model.card.name},
            {"file", fs::path(own.request.model).filename().string()},
            {"digest", of_model.hex()}}},
          {"options", options_of(own.request)},
          {"decisions",
           {{"values", name_of(report.inspection.kind)},
            {"organism", name_of(report.organism.organism)},
            {"overridden", report.verdict.reasons()},
            {"gene_names", report.gene_names},
            {"genes_matched", report.alignment.matched()},
            {"genes_by_orthologue", report.alignment.matched_by_orthologue},
            {"genes_missing", report.alignment.missing.size()},
            {"genes_merged", report.alignment.merged},
            {"adapt_factors", digest_of(own.query.scaling())},
            {"displaced", digest_of(own.displaced)},
            {"types_possible", possible}}},
          {"labels",
           {{"cells", own.reader->cells()}, {"counts", own.counts.by_label()}, {"digest", own.labels.hex()}}}};
}

AnnotationRequest request_of(const json& receipt, const std::string& model, const std::string& cells) {
  try {
    if (receipt.at("receipt") != kReceiptFormat)
      throw Error(ErrorKind::BadInput, "the receipt is of format " + receipt.at("receipt").dump(), "use the program that wrote it, or a newer one");
    const json& options = receipt.at("options");
    AnnotationRequest request;
    request.model = model;
    request.cells = cells;
    request.open.slot = options.at("slot");
    request.error_rate = options.at("error_rate");
    request.adapt = options.at("adapt");
    request.batch = options.at("batch");
    request.only = options.at("only").get<std::vector<std::string>>();
    request.label_all = options.at("label_all");
    request.query.orthologues = options.at("orthologues");
    request.query.force = options.at("force");
    request.quiet = true;
    return request;
  } catch (const json::exception& error) {
    throw Error(ErrorKind::BadInput, std::string("this is no receipt (") + error.what() + ")", "give the file that plkd annotate --receipt wrote");
  }
}

}  // namespace plkd

// The core as JavaScript sees it; plkd_core.d.ts is the contract. Nothing here decides anything: values are copied across.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/annotate/adapt.h"
#include "shared/annotate/annotate.h"
#include "shared/annotate/displace.h"
#include "shared/annotate/vote.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/digest.h"
#include "shared/explain/marker_patterns.h"
#include "shared/model/model.h"
#include "shared/results/receipt.h"
#include "shared/results/result_columns.h"
#include "shared/results/write_annotated_h5ad.h"
#include "shared/student/student.h"
#include "wasm/values.h"

namespace {

using emscripten::val;
using plkd::page::columns_of;
using plkd::page::copy_of;
using plkd::page::guarded;
using plkd::page::number;

class ModelHandle {
 public:
  ModelHandle(const std::string& bytes, const std::string& source)
      : model_(std::make_unique<plkd::Model>(plkd::decode_model(bytes, source))) {
    plkd::Digest digest;
    digest.add(bytes);
    digest_ = digest.hex();
  }

  const plkd::Model& model() const { return *model_; }
  const std::string& digest() const { return digest_; }

  val summary() const {
    const plkd::ModelCard& card = model_->card;
    val summary = val::object();
    summary.set("name", card.name);
    summary.set("organism", card.organism);
    summary.set("tissue", card.tissue);
    summary.set("licence", card.licence);
    summary.set("sources", val::array(card.sources));
    summary.set("architecture", plkd::architecture_of(model_->student));
    summary.set("genes", number(model_->genes.size()));
    summary.set("patterns", number(static_cast<std::int64_t>(model_->patterns.size())));
    summary.set("explains", model_->student.pattern_count() > 0);
    summary.set("adapts", !model_->class_means.empty());
    summary.set("classes", classes());
    summary.set("broader", broader());
    summary.set("unknownAbove", model_->calibration.unknown_above);
    summary.set("promise", promise());
    summary.set("ece", ece());
    summary.set("scores", val::global("JSON").call<val>("parse", card.scores.dump()));
    summary.set("description", plkd::describe(*model_));
    return summary;
  }

  val patterns(double genes) const {
    val patterns = val::array();
    for (const plkd::Pattern& pattern : model_->patterns) {
      val item = val::object();
      item.set("name", pattern.name);
      item.set("topGenes", val::array(plkd::top_genes(pattern, model_->genes, static_cast<std::size_t>(genes))));
      patterns.call<void>("push", item);
    }
    return patterns;
  }

  val marker_patterns(const val& scores, const val& group, double groups) const {
    return guarded([&] {
      const auto patterns = static_cast<std::int32_t>(model_->student.pattern_count());
      const auto of_cells = emscripten::convertJSArrayToNumberVector<std::int32_t>(group);
      const auto values = emscripten::convertJSArrayToNumberVector<float>(scores);
      if (values.size() != of_cells.size() * static_cast<std::size_t>(patterns))
        throw plkd::Error(plkd::ErrorKind::Internal, "the scores are not [cells x patterns] of the cells in the groups");
      val markers = val::array();
      for (const plkd::MarkerPattern& marker :
           plkd::marker_patterns(values, patterns, of_cells, static_cast<std::int32_t>(groups))) {
        val item = val::object();
        item.set("group", marker.group);
        item.set("pattern", marker.pattern);
        item.set("difference", marker.difference);
        item.set("auc", marker.auc);
        item.set("qValue", marker.q_value);
        markers.call<void>("push", item);
      }
      return markers;
    });
  }

 private:
  val classes() const {
    val classes = val::array();
    for (const plkd::CellType& type : model_->classes) {
      val item = val::object();
      item.set("name", type.name);
      item.set("ontologyId", type.ontology_id);
      item.set("referenceCells", number(type.reference_cells));
      classes.call<void>("push", item);
    }
    return classes;
  }

  val broader() const {
    val terms = val::array();
    for (const plkd::BroaderTerm& term : model_->broader) {
      val item = val::object();
      item.set("name", term.name);
      item.set("ontologyId", term.id);
      item.set("classes", val::array(term.classes));
      terms.call<void>("push", item);
    }
    return terms;
  }

  val promise() const {
    val settings = val::array();
    for (const plkd::PromiseSetting& setting : model_->calibration.promise.settings) {
      val item = val::object();
      item.set("target", setting.target);
      item.set("leastProbability", setting.least_probability);
      item.set("error", setting.error);
      item.set("coverage", setting.coverage);
      item.set("broader", setting.broader);
      settings.call<void>("push", item);
    }
    return settings;
  }

  val ece() const {
    const auto found = model_->card.scores.find("ece");
    return found != model_->card.scores.end() && found->is_number() ? val(found->get<double>()) : val::null();
  }

  std::unique_ptr<plkd::Model> model_;
  std::string digest_;
};

class CountsHandle {
 public:
  explicit CountsHandle(std::unique_ptr<plkd::CountsReader> reader) : reader_(std::move(reader)) {}

  plkd::CountsReader& reader() { return *reader_; }

  val summary() const {
    val summary = val::object();
    summary.set("format", reader_->format());
    summary.set("slots", val::array(reader_->slots()));
    summary.set("slot", reader_->slot());
    summary.set("cells", number(reader_->cells()));
    summary.set("genes", number(reader_->genes().size()));
    summary.set("columns", val::array(reader_->column_names()));
    summary.set("keepsResults", plkd::keeps_results(*reader_));
    return summary;
  }

  val cell_names(double first, double end) {
    return guarded([&] {
      return val::array(reader_->cell_names(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end)));
    });
  }

  val column(const std::string& name) {
    return guarded([&] {
      const plkd::CellColumn column = reader_->column(name);
      val result = val::object();
      result.set("categories", val::array(column.categories));
      result.set("code", copy_of(column.code));
      return result;
    });
  }

 private:
  std::unique_ptr<plkd::CountsReader> reader_;
};

class QueryHandle {
 public:
  QueryHandle(const ModelHandle& model, CountsHandle& counts, const plkd::QueryOptions& options)
      : model_(&model.model()),
        model_digest_(model.digest()),
        reader_(&counts.reader()),
        query_(std::make_unique<plkd::Query>(*reader_, *model_, options)) {}

  val summary() const {
    const plkd::QueryReport& report = query_->report();
    val summary = val::object();
    summary.set("kind", plkd::name_of(report.inspection.kind));
    summary.set("evidence", report.inspection.evidence);
    summary.set("medianLibrary", report.inspection.median_library);
    summary.set("medianGenes", report.inspection.median_genes);
    summary.set("modelGenes", number(report.alignment.model_genes));
    summary.set("matched", number(report.alignment.matched()));
    summary.set("matchedById", number(report.alignment.matched_by_id));
    summary.set("matchedBySymbol", number(report.alignment.matched_by_symbol));
    summary.set("matchedByAlias", number(report.alignment.matched_by_alias));
    summary.set("matchedByOrthologue", number(report.alignment.matched_by_orthologue));
    summary.set("merged", number(report.alignment.merged));
    summary.set("missing", val::array(report.alignment.missing));
    summary.set("alignment", plkd::describe(report.alignment));
    summary.set("organism", plkd::name_of(report.organism.organism));
    summary.set("organismEvidence", report.organism.evidence);
    summary.set("geneNames", report.gene_names);
    summary.set("passes", report.verdict.passes());
    summary.set("problems", problems());
    summary.set("orthologuesHelp", report.verdict.orthologues_help);
    return summary;
  }

  val promised(double error_rate, double shift, double beyond_95) const {
    plkd::ExpectedError expected = plkd::expected_error(model_->calibration.promise, error_rate, shift, query_->report().alignment.share());
    const std::string reason = plkd::no_promise_because(query_->report());
    if (!reason.empty()) expected.is_promised = false;
    val result = val::object();
    result.set("target", expected.setting.target);
    result.set("likeReference", expected.setting.error);
    result.set("isShifted", expected.is_shifted);
    result.set("isPromised", expected.is_promised);
    result.set("error", expected.is_promised ? val(expected.error) : val::null());
    result.set("statement", reason.empty() ? plkd::statement(expected, beyond_95) : "nothing is promised: " + reason);
    return result;
  }

  val annotate(double first, double end, double error_rate) {
    return guarded([&] { return columns_of(plkd::annotate(*model_, read(first, end), decide_by(error_rate))); });
  }

  val logits(double first, double end) {
    return guarded([&] { return copy_of(plkd::run_student(model_->student, read(first, end)).logits); });
  }

  val patterns(double first, double end) {
    return guarded([&] {
      return copy_of(plkd::run_student(model_->student, read(first, end), plkd::StudentTask::LabelAndExplain).patterns);
    });
  }

  val start_adapting(const val& batch) {
    return guarded([&] {
      adaptation_ = std::make_unique<plkd::Adaptation>(*query_, *model_,
                                                       emscripten::convertJSArrayToNumberVector<std::int32_t>(batch));
      return val(0);
    });
  }

  val adapt_further() {
    return guarded([&] {
      if (!adaptation_) throw plkd::Error(plkd::ErrorKind::Internal, "adapting was not started");
      adaptation_->step();
      return val(adaptation_->progress());
    });
  }

  val scaling() const {
    val result = val::object();
    result.set("factor", copy_of(query_->scaling().factor));
    result.set("batch", copy_of(query_->scaling().batch));
    return result;
  }

  val scale(const val& factor, const val& batch) {
    return guarded([&] {
      query_->scale({model_->genes.size(), emscripten::convertJSArrayToNumberVector<float>(factor),
                     emscripten::convertJSArrayToNumberVector<std::int32_t>(batch)});
      return val(0);
    });
  }

  val find_places() {
    return guarded([&] {
      const plkd::Novelty found = plkd::displace(*query_, *model_);
      val result = val::object();
      result.set("centre", copy_of(found.centre));
      result.set("allowance", found.allowance);
      return result;
    });
  }

  val set_places(const val& centre, float allowance) {
    return guarded([&] {
      plkd::Novelty displaced = model_->calibration.novelty;
      displaced.centre = emscripten::convertJSArrayToNumberVector<float>(centre);
      displaced.allowance = allowance;
      if (displaced.centre.size() != model_->calibration.novelty.centre.size())
        throw plkd::Error(plkd::ErrorKind::Internal, "the places are not of this model's types");
      displaced_ = std::move(displaced);
      return val(0);
    });
  }

  val restrict_to(const val& is_possible) {
    return guarded([&] {
      const auto flags = emscripten::convertJSArrayToNumberVector<std::int32_t>(is_possible);
      if (!flags.empty() && flags.size() != model_->classes.size())
        throw plkd::Error(plkd::ErrorKind::Internal, "the possible types are not of this model");
      is_possible_.assign(flags.begin(), flags.end());
      return val(0);
    });
  }

  val vote(const val& columns, const std::string& column, bool label_all) {
    return guarded([&] {
      val clusters = val::array();
      for (const plkd::ClusterLabel& cluster : vote_of(plkd::page::annotations_of(columns), column, label_all).labels()) {
        val item = val::object();
        item.set("cluster", cluster.cluster);
        item.set("cells", number(cluster.cells));
        item.set("label", cluster.label.name);
        item.set("ontologyId", cluster.label.ontology_id);
        item.set("agree", number(cluster.agree));
        clusters.call<void>("push", item);
      }
      return clusters;
    });
  }

  val digest_further() {
    return guarded([&] {
      if (!cells_digest_) cells_digest_ = std::make_unique<plkd::CellsDigest>(*reader_);
      cells_digest_->step();
      return val(cells_digest_->progress());
    });
  }

  val receipt(const val& columns, const std::string& asked) {
    return guarded([&] { return val(receipt_of(plkd::page::annotations_of(columns), asked).dump(2) + '\n'); });
  }

  val write_h5ad(const std::string& path, const val& columns, const std::string& asked) {
    return guarded([&] {
      const plkd::Annotations labels = plkd::page::annotations_of(columns);
      const nlohmann::json receipt = receipt_of(labels, asked);
      const plkd::ReceiptOptions options = plkd::options_of(receipt);
      plkd::ResultCollector collector(*model_, policy_of(options.label_all));
      collector.add(labels);
      const std::optional<plkd::ClusterVote> vote = vote_by(labels, options);
      const plkd::ResultColumns results = collector.columns(receipt, vote ? &*vote : nullptr);
      if (plkd::keeps_results(*reader_))
        plkd::add_to_h5ad(path, results);
      else
        plkd::write_new_annotated_h5ad(*reader_, path, results);
      return val(0);
    });
  }

  val expression(double first, double end) {
    return guarded([&] {
      expression_ = read(first, end);
      val result = val::object();
      result.set("cells", number(expression_.cells()));
      result.set("genes", number(expression_.genes));
      result.set("rowBegin", copy_of(as_unsigned(expression_.row_begin)));
      result.set("gene", copy_of(as_unsigned(expression_.gene)));
      result.set("value", copy_of(expression_.count));
      return result;
    });
  }

  val decide(const val& logits, const val& latent, const val& map, double error_rate) {
    return guarded([&] {
      plkd::StudentOutput output;
      output.logits = emscripten::convertJSArrayToNumberVector<float>(logits);
      output.latent = emscripten::convertJSArrayToNumberVector<float>(latent);
      output.map = emscripten::convertJSArrayToNumberVector<float>(map);
      const auto cells = static_cast<std::size_t>(expression_.cells());
      const auto latent_width = static_cast<std::size_t>(model_->student.latent_width());
      if (output.logits.size() != cells * model_->classes.size() || output.map.size() != cells * 2 ||
          output.latent.size() != cells * latent_width) {
        throw plkd::Error(plkd::ErrorKind::Internal, "logits, latent and map do not fit the " + std::to_string(cells) +
                                                         " cells that expression() gave last");
      }
      return columns_of(plkd::decide(*model_, output, expression_, decide_by(error_rate)));
    });
  }

 private:
  val problems() const {
    val problems = val::array();
    for (const plkd::GateProblem& problem : query_->report().verdict.problems) {
      val item = val::object();
      item.set("what", problem.what);
      item.set("remedy", problem.remedy);
      problems.call<void>("push", item);
    }
    return problems;
  }

  plkd::DecideOptions decide_by(double error_rate) const { return {error_rate, displaced_ ? &*displaced_ : nullptr, is_possible_}; }

  plkd::ClusterVote vote_of(const plkd::Annotations& labels, const std::string& column, bool label_all) {
    plkd::ClusterVote vote(*model_, reader_->column(column), policy_of(label_all));
    vote.add(0, labels);
    return vote;
  }

  std::optional<plkd::ClusterVote> vote_by(const plkd::Annotations& labels, const plkd::ReceiptOptions& options) {
    if (options.clusters.empty()) return std::nullopt;
    return vote_of(labels, options.clusters, options.label_all);
  }

  static plkd::UnknownPolicy policy_of(bool label_all) {
    return label_all ? plkd::UnknownPolicy::LabelAll : plkd::UnknownPolicy::Allow;
  }

  // `asked`: {engine, model: {name, bytes}, cells: {name, bytes}, options} as in a receipt.
  nlohmann::json receipt_of(const plkd::Annotations& labels, const std::string& asked) {
    if (!cells_digest_ || cells_digest_->progress() < 1)
      throw plkd::Error(plkd::ErrorKind::Internal, "the cells have no digest yet");
    const nlohmann::json about = nlohmann::json::parse(asked);
    const plkd::ReceiptOptions options = plkd::options_of({{"receipt", plkd::kReceiptFormat}, {"options", about.at("options")}});
    plkd::LabelLedger ledger(*model_, policy_of(options.label_all));
    constexpr std::int64_t kSlice = 4096;
    for (std::int64_t first = 0; first < labels.cells(); first += kSlice) {
      const std::int64_t end = std::min(first + kSlice, labels.cells());
      ledger.add(plkd::slice_of(labels, first, end), reader_->cell_names(first, end));
    }
    const std::optional<plkd::ClusterVote> vote = vote_by(labels, options);
    const auto file = [&](const char* which, const std::string& digest) {
      plkd::ReceiptFile made{about.at(which).at("name"), std::nullopt, digest};
      if (about[which].contains("bytes")) made.bytes = about[which]["bytes"].get<std::uint64_t>();
      return made;
    };
    return plkd::write_receipt({.engine = about.at("engine"),
                                .model_file = file("model", model_digest_),
                                .cells_file = file("cells", cells_digest_->hex()),
                                .options = options,
                                .model = *model_,
                                .cells = *reader_,
                                .query = *query_,
                                .displaced = displaced_ ? *displaced_ : plkd::Novelty{},
                                .is_possible = is_possible_,
                                .labels = ledger,
                                .vote = vote ? &*vote : nullptr});
  }

  plkd::CountMatrix read(double first, double end) {
    return query_->expression(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end));
  }

  // Entries of one range of cells always fit 32 bits; memory does not hold more.
  template <typename T>
  static std::vector<std::uint32_t> as_unsigned(const std::vector<T>& values) {
    std::vector<std::uint32_t> result;
    result.reserve(values.size());
    for (const T value : values) result.push_back(static_cast<std::uint32_t>(value));
    return result;
  }

  const plkd::Model* model_;
  std::string model_digest_;
  plkd::CountsReader* reader_;
  std::unique_ptr<plkd::Query> query_;
  std::unique_ptr<plkd::Adaptation> adaptation_;
  std::optional<plkd::Novelty> displaced_;
  std::vector<char> is_possible_;  // empty for all
  std::unique_ptr<plkd::CellsDigest> cells_digest_;
  plkd::CountMatrix expression_;  // what expression() gave last
};

val open_model(const std::string& bytes, const std::string& source) {
  return guarded([&] { return val(ModelHandle(bytes, source)); });
}

val open_counts(const std::string& path, const std::string& slot) {
  return guarded([&] { return val(CountsHandle(plkd::open_counts(path, {.slot = slot}))); });
}

val open_query(const ModelHandle& model, CountsHandle& counts) {
  return guarded([&] { return val(QueryHandle(model, counts, {})); });
}

val open_query_anyway(const ModelHandle& model, CountsHandle& counts, bool orthologues) {
  return guarded([&] {
    const plkd::Orthologues wanted = orthologues ? plkd::Orthologues::Use : plkd::Orthologues::Ignore;
    return val(QueryHandle(model, counts, {wanted, plkd::Gate::Report}));
  });
}

std::string version() { return PLKD_VERSION; }

}  // namespace

EMSCRIPTEN_BINDINGS(plkd_core) {
  emscripten::class_<ModelHandle>("ModelHandle")
      .function("summary", &ModelHandle::summary)
      .function("patterns", &ModelHandle::patterns)
      .function("markerPatterns", &ModelHandle::marker_patterns);
  emscripten::class_<CountsHandle>("CountsHandle")
      .function("summary", &CountsHandle::summary)
      .function("cellNames", &CountsHandle::cell_names)
      .function("column", &CountsHandle::column);
  emscripten::class_<QueryHandle>("QueryHandle")
      .function("summary", &QueryHandle::summary)
      .function("promised", &QueryHandle::promised)
      .function("annotate", &QueryHandle::annotate)
      .function("logits", &QueryHandle::logits)
      .function("patterns", &QueryHandle::patterns)
      .function("startAdapting", &QueryHandle::start_adapting)
      .function("adaptFurther", &QueryHandle::adapt_further)
      .function("scaling", &QueryHandle::scaling)
      .function("scale", &QueryHandle::scale)
      .function("findPlaces", &QueryHandle::find_places)
      .function("setPlaces", &QueryHandle::set_places)
      .function("restrictTo", &QueryHandle::restrict_to)
      .function("vote", &QueryHandle::vote)
      .function("digestFurther", &QueryHandle::digest_further)
      .function("receipt", &QueryHandle::receipt)
      .function("writeH5ad", &QueryHandle::write_h5ad)
      .function("expression", &QueryHandle::expression)
      .function("decide", &QueryHandle::decide);
  emscripten::function("openModel", &open_model);
  emscripten::function("openCounts", &open_counts);
  emscripten::function("openQuery", &open_query);
  emscripten::function("openQueryAnyway", &open_query_anyway);
  emscripten::function("version", &version);
}

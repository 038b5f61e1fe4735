#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>
#include <array>
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
#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"
#include "shared/preprocess/pack_counts.h"
#include "shared/results/receipt.h"
#include "shared/results/result_columns.h"
#include "shared/results/write_annotated_h5ad.h"
#include "shared/student/student.h"
#include "wasm/counts_handle.h"
#include "wasm/model_handle.h"
#include "wasm/values.h"

namespace plkd::page {

// Cells made ready for a model.
class QueryHandle {
 public:
  QueryHandle(const ModelHandle& model, CountsHandle& counts, const QueryOptions& options)
      : model_(&model.model()),
        model_digest_(model.digest()),
        reader_(&counts.reader()),
        query_(std::make_unique<Query>(*reader_, *model_, options)) {
    if (model_->recipe.blocks.empty()) return;
    calibrated_ = std::make_unique<Model>(*model_);
    calibrate_for(*calibrated_, query_->report().used());
    model_ = calibrated_.get();
  }

  // What an explorer of the query works with.
  Query& query() { return *query_; }
  CountsReader& reader() { return *reader_; }
  const Model& model() const { return *model_; }
  DecideOptions decide_by(double error_rate = 0) const {
    return {error_rate, displaced_ ? &*displaced_ : nullptr, is_possible_};
  }

  val summary() const {
    const QueryReport& report = query_->report();
    val summary = val::object();
    summary.set("kind", name_of(report.inspection.kind));
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
    summary.set("alignment", describe(report.alignment));
    summary.set("organism", name_of(report.organism.organism));
    summary.set("organismEvidence", report.organism.evidence);
    summary.set("geneNames", report.gene_names);
    summary.set("passes", report.verdict.passes());
    summary.set("problems", problems());
    summary.set("orthologuesHelp", report.verdict.orthologues_help);
    summary.set("modalities", modalities());
    return summary;
  }

  val promised(double error_rate, double shift, double beyond_95) const {
    ExpectedError expected = expected_error(model_->calibration.promise, error_rate, shift, query_->report().share());
    const std::string reason = no_promise_because(query_->report());
    if (!reason.empty()) expected.is_promised = false;
    val result = val::object();
    result.set("target", expected.setting.target);
    result.set("likeReference", expected.setting.error);
    result.set("isShifted", expected.is_shifted);
    result.set("isPromised", expected.is_promised);
    result.set("error", expected.is_promised ? val(expected.error) : val::null());
    result.set("statement", reason.empty() ? statement(expected, beyond_95) : "nothing is promised: " + reason);
    return result;
  }

  val annotate(double first, double end, const val& error_rates) {
    return guarded([&] {
      const CountMatrix expression = read(first, end);
      return decided(run_student(model_->student, expression), expression, error_rates);
    });
  }

  val logits(double first, double end) {
    return guarded([&] { return copy_of(run_student(model_->student, read(first, end)).logits); });
  }

  val patterns(double first, double end) {
    return guarded([&] {
      return copy_of(run_student(model_->student, read(first, end), StudentTask::LabelAndExplain).patterns);
    });
  }

  val chosen(const val& cells) {
    return guarded([&] {
      CountMatrix expression;
      expression.genes = model_->genes.size();
      for (const std::uint32_t cell : emscripten::convertJSArrayToNumberVector<std::uint32_t>(cells))
        append_cells(expression, query_->expression(cell, std::int64_t{cell} + 1));
      val result = val::object();
      result.set("expression", expression_to_js(expression));
      result.set("patterns", copy_of(run_student(model_->student, expression, StudentTask::LabelAndExplain).patterns));
      return result;
    });
  }

  val start_adapting(const val& batch) {
    return guarded([&] {
      adaptation_ = std::make_unique<Adaptation>(*query_, *model_,
                                                       emscripten::convertJSArrayToNumberVector<std::int32_t>(batch));
      return val(0);
    });
  }

  val adapt_further() {
    return guarded([&] {
      if (!adaptation_) throw Error(ErrorKind::Internal, "adapting was not started");
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
      const Novelty found = plkd::displace(*query_, *model_);
      val result = val::object();
      result.set("centre", copy_of(found.centre));
      result.set("allowance", found.allowance);
      return result;
    });
  }

  val set_places(const val& centre, float allowance) {
    return guarded([&] {
      Novelty displaced = model_->calibration.novelty;
      displaced.centre = emscripten::convertJSArrayToNumberVector<float>(centre);
      displaced.allowance = allowance;
      if (displaced.centre.size() != model_->calibration.novelty.centre.size())
        throw Error(ErrorKind::Internal, "the places are not of this model's types");
      displaced_ = std::move(displaced);
      return val(0);
    });
  }

  val restrict_to(const val& is_possible) {
    return guarded([&] {
      const auto flags = emscripten::convertJSArrayToNumberVector<std::int32_t>(is_possible);
      if (!flags.empty() && flags.size() != model_->classes.size())
        throw Error(ErrorKind::Internal, "the possible types are not of this model");
      is_possible_.assign(flags.begin(), flags.end());
      return val(0);
    });
  }

  val vote(const val& columns, const std::string& column, bool label_all) {
    return guarded([&] {
      val clusters = val::array();
      for (const ClusterLabel& cluster : vote_of(annotations_of(columns), column, label_all).labels()) {
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
      if (!cells_digest_) cells_digest_ = std::make_unique<CellsDigest>(*reader_);
      cells_digest_->step();
      return val(cells_digest_->progress());
    });
  }

  val receipt(const val& columns, const std::string& asked) {
    return guarded([&] { return val(receipt_of(annotations_of(columns), asked).dump(2) + '\n'); });
  }

  // `curated`: null, or what a person made of the labels.
  val write_h5ad(const std::string& path, const val& columns, const std::string& asked, const val& curated) {
    return guarded([&] {
      const Annotations labels = annotations_of(columns);
      const nlohmann::json receipt = receipt_of(labels, asked);
      const ReceiptOptions options = options_of(receipt);
      ResultCollector collector(*model_, policy_of(options.label_all));
      collector.add(labels);
      const std::optional<ClusterVote> vote = vote_by(labels, options);
      ResultColumns results = collector.columns(receipt, vote ? &*vote : nullptr);
      if (!curated.isNull()) add_curation(curation_of(curated), results);
      if (keeps_results(*reader_))
        add_to_h5ad(path, results);
      else
        write_new_annotated_h5ad(*reader_, path, results);
      return val(0);
    });
  }

  val expression(double first, double end) {
    return guarded([&] {
      return expression_to_js(keep(first, read(first, end)));
    });
  }

  val scaled_counts(double first, double end) {
    return guarded([&] {
      const auto begin = static_cast<std::int64_t>(first);
      ScaledCounts scaled = query_->scaled_counts_of(query_->counts(begin, static_cast<std::int64_t>(end)), begin);
      const PackedCounts packed = pack(scaled.counts);
      val result = shape_of(scaled.counts);
      result.set("scale", copy_of(scaled.scale));
      result.set("wordsPerEntry", packed.words_per_entry);
      result.set("words", copy_of(packed.words));
      log_scaled(scaled.counts, scaled.scale);
      keep(first, std::move(scaled.counts));
      return result;
    });
  }

  val decide(double first, const val& logits, const val& latent, const val& map, const val& error_rates) {
    return guarded([&] {
      const CountMatrix& expression = kept(first);
      StudentOutput output;
      output.logits = emscripten::convertJSArrayToNumberVector<float>(logits);
      output.latent = emscripten::convertJSArrayToNumberVector<float>(latent);
      output.map = emscripten::convertJSArrayToNumberVector<float>(map);
      const auto cells = static_cast<std::size_t>(expression.cells());
      const auto latent_width = static_cast<std::size_t>(model_->student.latent_width());
      if (output.logits.size() != cells * model_->classes.size() || output.map.size() != cells * 2 ||
          output.latent.size() != cells * latent_width) {
        throw Error(ErrorKind::Internal, "logits, latent and map do not fit the " + std::to_string(cells) +
                                                         " cells that were given");
      }
      return decided(output, expression, error_rates);
    });
  }

 private:
  val problems() const {
    val problems = val::array();
    for (const GateProblem& problem : query_->report().verdict.problems) {
      val item = val::object();
      item.set("what", problem.what);
      item.set("remedy", problem.remedy);
      problems.call<void>("push", item);
    }
    return problems;
  }

  val modalities() const {
    val all = val::array();
    for (const ModalityReport& each : query_->report().modalities) {
      val item = val::object();
      item.set("name", name_of(each.modality));
      item.set("where", each.where);
      item.set("features", number(each.model_features));
      item.set("matched", number(each.matched));
      item.set("missing", val::array(each.missing));
      item.set("isUsed", each.is_used);
      item.set("isSetAside", each.is_set_aside);
      item.set("controls", val::array(each.controls));
      item.set("passedOver", val::array(each.passed_over));
      item.set("isCompleted", each.is_completed);
      item.set("unfit", each.unfit);
      all.call<void>("push", item);
    }
    return all;
  }

  val decided(const StudentOutput& output, const CountMatrix& expression, const val& error_rates) const {
    const auto rates = emscripten::convertJSArrayToNumberVector<double>(error_rates);
    return columns_of(decide_at(rates, *model_, output, expression, decide_by()));
  }

  ClusterVote vote_of(const Annotations& labels, const std::string& column, bool label_all) {
    ClusterVote vote(*model_, reader_->column(column), policy_of(label_all));
    vote.add(0, labels);
    return vote;
  }

  std::optional<ClusterVote> vote_by(const Annotations& labels, const ReceiptOptions& options) {
    if (options.clusters.empty()) return std::nullopt;
    return vote_of(labels, options.clusters, options.label_all);
  }

  static UnknownPolicy policy_of(bool label_all) {
    return label_all ? UnknownPolicy::LabelAll : UnknownPolicy::Allow;
  }

  // `asked`: {engine, model: {name, bytes}, cells: {name, bytes}, options} as in a receipt.
  nlohmann::json receipt_of(const Annotations& labels, const std::string& asked) {
    if (!cells_digest_ || cells_digest_->progress() < 1)
      throw Error(ErrorKind::Internal, "the cells have no digest yet");
    const nlohmann::json about = nlohmann::json::parse(asked);
    const ReceiptOptions options = options_of({{"receipt", kReceiptFormat}, {"options", about.at("options")}});
    LabelLedger ledger(*model_, policy_of(options.label_all));
    constexpr std::int64_t kSlice = 4096;
    for (std::int64_t first = 0; first < labels.cells(); first += kSlice) {
      const std::int64_t end = std::min(first + kSlice, labels.cells());
      ledger.add(slice_of(labels, first, end), reader_->cell_names(first, end));
    }
    const std::optional<ClusterVote> vote = vote_by(labels, options);
    const auto file = [&](const char* which, const std::string& digest) {
      ReceiptFile made{about.at(which).at("name"), std::nullopt, digest};
      if (about[which].contains("bytes")) made.bytes = about[which]["bytes"].get<std::uint64_t>();
      return made;
    };
    return write_receipt({.engine = about.at("engine"),
                                .model_file = file("model", model_digest_),
                                .cells_file = file("cells", cells_digest_->hex()),
                                .options = options,
                                .model = *model_,
                                .cells = *reader_,
                                .query = *query_,
                                .displaced = displaced_ ? *displaced_ : Novelty{},
                                .is_possible = is_possible_,
                                .labels = ledger,
                                .vote = vote ? &*vote : nullptr});
  }

  // What the last ranges given to another engine hold: while it runs one, the next is made ready.
  struct Given {
    double first = -1;
    CountMatrix expression;
  };

  const CountMatrix& keep(double first, CountMatrix expression) {
    std::swap(given_[0], given_[1]);
    given_[0] = {first, std::move(expression)};
    return given_[0].expression;
  }

  const CountMatrix& kept(double first) const {
    for (const Given& given : given_)
      if (given.first == first) return given.expression;
    throw Error(ErrorKind::Internal, "the cells to decide on are not of the last two ranges given");
  }

  CountMatrix read(double first, double end) {
    return query_->expression(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end));
  }

  const Model* model_;
  std::unique_ptr<Model> calibrated_;  // for what these cells have, of a model of several modalities; stays
                                       // in place when this is moved
  std::string model_digest_;
  CountsReader* reader_;
  std::unique_ptr<Query> query_;
  std::unique_ptr<Adaptation> adaptation_;
  std::optional<Novelty> displaced_;
  std::vector<char> is_possible_;  // empty for all
  std::unique_ptr<CellsDigest> cells_digest_;
  std::array<Given, 2> given_;  // newest first
};

}  // namespace plkd::page

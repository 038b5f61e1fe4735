#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/digest.h"
#include "shared/error.h"
#include "shared/explain/marker_patterns.h"
#include "shared/model/model.h"
#include "shared/model/teacher_file.h"
#include "shared/preprocess/modalities.h"
#include "wasm/values.h"

namespace plkd::page {

// A model that was read; plkd_core.d.ts says what each call does.
class ModelHandle {
 public:
  ModelHandle(const std::string& bytes, const std::string& source)
      : model_(std::make_unique<Model>(decode_model(bytes, source))) {
    Digest digest;
    digest.add(bytes);
    digest_ = digest.hex();
  }

  const Model& model() const { return *model_; }
  const std::string& digest() const { return digest_; }

  val summary() const {
    const ModelCard& card = model_->card;
    val summary = val::object();
    summary.set("name", card.name);
    summary.set("organism", card.organism);
    summary.set("tissue", card.tissue);
    summary.set("licence", card.licence);
    summary.set("sources", val::array(card.sources));
    summary.set("architecture", architecture_of(model_->student));
    summary.set("genes", number(genes()));
    summary.set("inputs", inputs());
    summary.set("choices", choices());
    summary.set("patterns", number(static_cast<std::int64_t>(model_->patterns.size())));
    summary.set("explains", model_->student.pattern_count() > 0);
    summary.set("adapts", !model_->class_means.empty());
    summary.set("classes", classes());
    summary.set("broader", broader());
    summary.set("unknownAbove", model_->calibration.unknown_above);
    summary.set("promise", settings_of(model_->calibration.promise));
    summary.set("ece", score("ece"));
    summary.set("scores", val::global("JSON").call<val>("parse", card.scores.dump()));
    summary.set("description", describe(*model_));
    return summary;
  }

  val patterns(double genes) const {
    val patterns = val::array();
    for (const Pattern& pattern : model_->patterns) {
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
        throw Error(ErrorKind::Internal, "the scores are not [cells x patterns] of the cells in the groups");
      val markers = val::array();
      for (const MarkerPattern& marker :
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

  val teacher_example(const std::string& bytes, const std::string& source) const {
    return guarded([&] {
      const TeacherExample example = decode_teacher(bytes, source, *model_, digest_);
      val result = val::object();
      result.set("expression", expression_to_js(example.expression));
      result.set("attention", copy_of(example.attention));
      return result;
    });
  }

 private:
  val classes() const {
    val classes = val::array();
    for (const CellType& type : model_->classes) {
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
    for (const BroaderTerm& term : model_->broader) {
      val item = val::object();
      item.set("name", term.name);
      item.set("ontologyId", term.id);
      item.set("classes", val::array(term.classes));
      terms.call<void>("push", item);
    }
    return terms;
  }

  std::int64_t genes() const {
    return genes_alone(model_->genes, model_->recipe.blocks).size();
  }

  // Of the graph: its features among all that the core gives of a cell.
  val inputs() const {
    val inputs = val::array();
    for (const FeatureBlock& block : blocks_over(model_->recipe.blocks, model_->genes.size())) {
      val item = val::object();
      item.set("name", name_of(block.modality));
      item.set("first", number(block.first));
      item.set("features", number(block.size()));
      inputs.call<void>("push", item);
    }
    return inputs;
  }

  val choices() const {
    val choices = val::array();
    if (model_->recipe.blocks.empty()) return choices;
    std::vector<Modality> all;
    for (const FeatureBlock& block : model_->recipe.blocks) all.push_back(block.modality);
    choices.call<void>("push", choice(all, score("accuracy"), model_->calibration.promise));
    for (const PartialCalibration& partial : model_->partial)
      choices.call<void>("push", choice(partial.present, val(partial.accuracy), partial.calibration.promise));
    return choices;
  }

  static val choice(const std::vector<Modality>& present, const val& accuracy, const Promise& promise) {
    val names = val::array();
    for (const Modality modality : present) names.call<void>("push", name_of(modality));
    val item = val::object();
    item.set("present", names);
    item.set("accuracy", accuracy);
    item.set("promise", settings_of(promise));
    return item;
  }

  static val settings_of(const Promise& promise) {
    val settings = val::array();
    for (const PromiseSetting& setting : promise.settings) {
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

  val score(const char* name) const {
    const auto found = model_->card.scores.find(name);
    return found != model_->card.scores.end() && found->is_number() ? val(found->get<double>()) : val::null();
  }

  std::unique_ptr<Model> model_;
  std::string digest_;
};

}  // namespace plkd::page

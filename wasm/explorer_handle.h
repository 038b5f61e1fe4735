#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/embed/lay_out.h"
#include "shared/error.h"
#include "shared/explain/gene_values.h"
#include "shared/explain/group_unknown.h"
#include "shared/explain/profile_groups.h"
#include "shared/explain/protein_values.h"
#include "shared/explain/walk.h"
#include "wasm/query_handle.h"
#include "wasm/values.h"

namespace plkd::page {

// What is asked of a query beside its labels.
class ExplorerHandle {
 public:
  explicit ExplorerHandle(QueryHandle& query) : handle_(&query) {}

  val gene_names() const {
    return guarded([&] { return val::array(handle_->query().gene_names()); });
  }

  val gene_values(const val& genes, double first, double end) {
    return guarded([&] {
      return copy_of(plkd::gene_values(handle_->query(), integers_of(genes), static_cast<std::int64_t>(first),
                                       static_cast<std::int64_t>(end)));
    });
  }

  val proteins() {
    return guarded([&] {
      val result = val::object();
      result.set("names", val::array(file_proteins().names()));
      result.set("areCounts", can_be_counts(file_proteins().inspection()));
      return result;
    });
  }

  val protein_values(const val& proteins, double first, double end) {
    return guarded([&] {
      return copy_of(file_proteins().values(integers_of(proteins), static_cast<std::int64_t>(first),
                                            static_cast<std::int64_t>(end)));
    });
  }

  val start_profile(double groups) {
    return guarded([&] {
      profile_ = std::make_unique<GroupProfile>(handle_->query(), handle_->model(), static_cast<std::int32_t>(groups));
      return val(0);
    });
  }

  val add_to_profile(double first, double end, const val& group) {
    return guarded([&] {
      profile().add(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end), integers_of(group));
      return val(0);
    });
  }

  val profiled(double top) {
    return guarded([&] {
      const std::vector<std::int64_t>& cells = profile().genes().cells();
      val result = val::object();
      result.set("cells", copy_of(std::vector<std::int32_t>(cells.begin(), cells.end())));
      result.set("markers", markers(static_cast<std::int64_t>(top)));
      result.set("patternMean", copy_of(profile().pattern_means()));
      return result;
    });
  }

  val gene_means(const val& genes) {
    return guarded([&] {
      const GeneMeans means = plkd::gene_means(profile().genes(), integers_of(genes));
      val result = val::object();
      result.set("mean", copy_of(means.mean));
      result.set("share", copy_of(means.share));
      return result;
    });
  }

  val unknown_groups(const val& columns) {
    return guarded([&] {
      const UnknownGroups found = group_unknown(handle_->query(), handle_->model(), annotations_of(columns));
      val groups = val::array();
      for (const UnknownGroup& group : found.groups) {
        val item = val::object();
        item.set("cells", number(group.cells));
        item.set("nearest", group.nearest.name);
        item.set("ontologyId", group.nearest.ontology_id);
        item.set("medianLibrary", group.median_library);
        item.set("medianGenes", group.median_genes);
        groups.call<void>("push", item);
      }
      val result = val::object();
      result.set("group", copy_of(found.group));
      result.set("groups", groups);
      return result;
    });
  }

  val start_layout(const val& map, double seed) {
    return guarded([&] {
      LayoutOptions options;
      options.umap.seed = static_cast<std::uint64_t>(seed);
      layout_ = std::make_unique<Layout>(handle_->query(), handle_->model(),
                                         emscripten::convertJSArrayToNumberVector<float>(map), options);
      return layout();
    });
  }

  val lay_out_further() {
    return guarded([&] {
      if (!layout_) throw Error(ErrorKind::Internal, "laying out was not started");
      layout_->step();
      return layout();
    });
  }

  val walk(double cell, const val& noise, double error_rate, double genes) {
    return guarded([&] {
      const WalkOptions options{noise_of(noise), handle_->decide_by(error_rate), static_cast<std::size_t>(genes)};
      const Walk walked = plkd::walk(handle_->query(), handle_->model(), static_cast<std::int64_t>(cell), options);
      val shown = val::array();
      for (const WalkGene& gene : walked.genes) {
        val item = val::object();
        item.set("name", gene.name);
        item.set("count", gene.count);
        item.set("value", gene.value);
        shown.call<void>("push", item);
      }
      val result = val::object();
      result.set("library", walked.library);
      result.set("detected", number(walked.detected));
      result.set("genes", shown);
      result.set("patterns", copy_of(walked.patterns));
      result.set("hidden", copy_of(walked.hidden));
      result.set("probabilities", copy_of(walked.probabilities));
      result.set("label", columns_of(walked.label));
      return result;
    });
  }

  val annotate_noisy(double first, double end, const val& noise, double error_rate) {
    return guarded([&] {
      return columns_of(plkd::annotate_noisy(handle_->query(), handle_->model(), static_cast<std::int64_t>(first),
                                             static_cast<std::int64_t>(end), noise_of(noise),
                                             handle_->decide_by(error_rate)));
    });
  }

 private:
  static std::vector<std::int32_t> integers_of(const val& numbers) {
    return emscripten::convertJSArrayToNumberVector<std::int32_t>(numbers);
  }

  static Noise noise_of(const val& noise) {
    return {noise["depth"].as<double>(), noise["dropout"].as<double>(),
            static_cast<std::uint64_t>(noise["seed"].as<double>())};
  }

  FileProteins& file_proteins() {
    if (!proteins_) proteins_ = std::make_unique<FileProteins>(handle_->reader());
    return *proteins_;
  }

  GroupProfile& profile() {
    if (!profile_) throw Error(ErrorKind::Internal, "no groups were profiled");
    return *profile_;
  }

  val markers(std::int64_t top) {
    const std::vector<std::string> names = handle_->query().gene_names();
    val markers = val::array();
    for (const MarkerGene& marker : marker_genes(profile().genes(), {.top = top})) {
      val item = val::object();
      item.set("group", marker.group);
      item.set("gene", marker.gene);
      item.set("name", names[static_cast<std::size_t>(marker.gene)]);
      item.set("difference", marker.difference);
      item.set("score", marker.score);
      item.set("qValue", marker.q_value);
      item.set("shareIn", marker.share_in);
      item.set("shareOut", marker.share_out);
      markers.call<void>("push", item);
    }
    return markers;
  }

  static const char* name_of(LayoutStep step) {
    switch (step) {
      case LayoutStep::Reading: return "reading";
      case LayoutStep::Neighbours: return "neighbours";
      case LayoutStep::Moving: return "moving";
      case LayoutStep::Placing: return "placing";
      case LayoutStep::Done: return "done";
    }
    return "done";
  }

  val layout() const {
    const std::vector<std::int64_t> cells = layout_->cells();
    val result = val::object();
    result.set("share", layout_->share());
    result.set("step", val(name_of(layout_->now())));
    result.set("cells", copy_of(std::vector<std::uint32_t>(cells.begin(), cells.end())));
    result.set("places", copy_of(layout_->places()));
    return result;
  }

  QueryHandle* handle_;
  std::unique_ptr<FileProteins> proteins_;
  std::unique_ptr<GroupProfile> profile_;
  std::unique_ptr<Layout> layout_;
};

}  // namespace plkd::page

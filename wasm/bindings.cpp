// The core as JavaScript sees it; plkd_core.d.ts is the contract. Nothing here decides anything: values are copied across.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/counts/open_counts.h"
#include "wasm/counts_handle.h"
#include "wasm/explorer_handle.h"
#include "wasm/model_handle.h"
#include "wasm/query_handle.h"
#include "wasm/values.h"

namespace {

using emscripten::val;
using plkd::page::CountsHandle;
using plkd::page::ExplorerHandle;
using plkd::page::guarded;
using plkd::page::ModelHandle;
using plkd::page::QueryHandle;

val open_model(const std::string& bytes, const std::string& source) {
  return guarded([&] { return val(ModelHandle(bytes, source)); });
}

val open_counts(const std::string& path, const std::string& slot) {
  return guarded([&] { return val(CountsHandle(plkd::open_counts(path, {.slot = slot}))); });
}

val reopen_counts(const std::string& path, const std::string& slot, const val& index) {
  return guarded([&] {
    const nlohmann::json known = nlohmann::json::from_cbor(emscripten::convertJSArrayToNumberVector<std::uint8_t>(index));
    return val(CountsHandle(plkd::open_counts(path, {.slot = slot, .index = &known})));
  });
}

val open_query(const ModelHandle& model, CountsHandle& counts) {
  return guarded([&] { return val(QueryHandle(model, counts, {})); });
}

val open_query_anyway(const ModelHandle& model, CountsHandle& counts, bool orthologues, const val& without) {
  return guarded([&] {
    const plkd::Orthologues wanted = orthologues ? plkd::Orthologues::Use : plkd::Orthologues::Ignore;
    plkd::QueryOptions options{wanted, plkd::Gate::Report, {}};
    for (const std::string& name : emscripten::vecFromJSArray<std::string>(without))
      if (const auto modality = plkd::modality_named(name)) options.without.push_back(*modality);
    return val(QueryHandle(model, counts, options));
  });
}

val explore(QueryHandle& query) {
  return guarded([&] { return val(ExplorerHandle(query)); });
}

std::string version() { return PLKD_VERSION; }

}  // namespace

EMSCRIPTEN_BINDINGS(plkd_core) {
  emscripten::class_<ModelHandle>("ModelHandle")
      .function("summary", &ModelHandle::summary)
      .function("patterns", &ModelHandle::patterns)
      .function("markerPatterns", &ModelHandle::marker_patterns)
      .function("teacherExample", &ModelHandle::teacher_example);
  emscripten::class_<CountsHandle>("CountsHandle")
      .function("summary", &CountsHandle::summary)
      .function("cellNames", &CountsHandle::cell_names)
      .function("index", &CountsHandle::index)
      .function("column", &CountsHandle::column);
  emscripten::class_<QueryHandle>("QueryHandle")
      .function("summary", &QueryHandle::summary)
      .function("promised", &QueryHandle::promised)
      .function("annotate", &QueryHandle::annotate)
      .function("logits", &QueryHandle::logits)
      .function("patterns", &QueryHandle::patterns)
      .function("chosen", &QueryHandle::chosen)
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
      .function("scaledCounts", &QueryHandle::scaled_counts)
      .function("decide", &QueryHandle::decide);
  emscripten::class_<ExplorerHandle>("ExplorerHandle")
      .function("geneNames", &ExplorerHandle::gene_names)
      .function("geneValues", &ExplorerHandle::gene_values)
      .function("proteins", &ExplorerHandle::proteins)
      .function("proteinValues", &ExplorerHandle::protein_values)
      .function("startProfile", &ExplorerHandle::start_profile)
      .function("addToProfile", &ExplorerHandle::add_to_profile)
      .function("profiled", &ExplorerHandle::profiled)
      .function("geneMeans", &ExplorerHandle::gene_means)
      .function("unknownGroups", &ExplorerHandle::unknown_groups)
      .function("startLayout", &ExplorerHandle::start_layout)
      .function("layOutFurther", &ExplorerHandle::lay_out_further)
      .function("walk", &ExplorerHandle::walk)
      .function("annotateNoisy", &ExplorerHandle::annotate_noisy);
  emscripten::function("openModel", &open_model);
  emscripten::function("openCounts", &open_counts);
  emscripten::function("reopenCounts", &reopen_counts);
  emscripten::function("openQuery", &open_query);
  emscripten::function("openQueryAnyway", &open_query_anyway);
  emscripten::function("explore", &explore);
  emscripten::function("version", &version);
}

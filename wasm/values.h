#pragma once

// How values cross between C++ and JavaScript, and how errors do.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/counts/count_matrix.h"
#include "shared/error.h"
#include "shared/results/result_columns.h"

namespace plkd::page {

using emscripten::val;

// JavaScript has one kind of number; cells of any file fit it exactly.
inline double number(std::int64_t count) { return static_cast<double>(count); }

// A typed array of its own: memory of the core may move with the next call.
template <typename T>
val copy_of(const std::vector<T>& values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).template call<val>("slice");
}

// Entries of one range of cells always fit 32 bits; memory does not hold more.
template <typename T>
std::vector<std::uint32_t> as_unsigned(const std::vector<T>& values) {
  std::vector<std::uint32_t> result;
  result.reserve(values.size());
  for (const T value : values) result.push_back(static_cast<std::uint32_t>(value));
  return result;
}

inline val shape_of(const CountMatrix& matrix) {
  val result = val::object();
  result.set("cells", number(matrix.cells()));
  result.set("genes", number(matrix.genes));
  result.set("rowBegin", copy_of(as_unsigned(matrix.row_begin)));
  return result;
}

// Expression of plkd_core.d.ts.
inline val expression_to_js(const CountMatrix& expression) {
  val result = shape_of(expression);
  result.set("gene", copy_of(as_unsigned(expression.gene)));
  result.set("value", copy_of(expression.count));
  return result;
}

inline const char* name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::BadInput: return "BadInput";
    case ErrorKind::WrongUsage: return "WrongUsage";
    case ErrorKind::Internal: return "Internal";
  }
  return "Internal";
}

inline val failure(const char* kind, const std::string& message, const std::string& hint) {
  val result = val::object();
  result.set("ok", false);
  result.set("kind", val(kind));
  result.set("message", message);
  result.set("hint", hint);
  return result;
}

// The one place where exceptions become values.
template <typename Call>
val guarded(Call call) {
  try {
    val result = val::object();
    result.set("ok", true);
    result.set("value", call());
    return result;
  } catch (const Error& error) {
    return failure(name_of(error.kind()), error.message(), error.hint());
  } catch (const std::bad_alloc&) {
    return failure("Internal", "out of memory", "close other tabs, or use the command line for this file");
  } catch (const std::exception& error) {
    return failure("Internal", error.what(), "this is a fault of ours; please report it with the file's first lines");
  }
}

// LabelChoice, CellColumns, or both, by their names in plkd_core.d.ts.
inline void set_columns(val& columns, const LabelChoice& choice) {
  std::vector<std::uint8_t> kind;
  for (const LabelKind of_cell : choice.kind) kind.push_back(static_cast<std::uint8_t>(of_cell));
  columns.set("kind", copy_of(kind));
  columns.set("term", copy_of(choice.term));
  columns.set("labelProbability", copy_of(choice.label_probability));
}

inline void set_columns(val& columns, const CellColumns& cells) {
  columns.set("best", copy_of(cells.best));
  columns.set("second", copy_of(cells.second));
  columns.set("probability", copy_of(cells.probability));
  columns.set("secondProbability", copy_of(cells.second_probability));
  columns.set("unknownScore", copy_of(cells.unknown_score));
  columns.set("undisplacedScore", copy_of(cells.undisplaced_score));
  columns.set("map", copy_of(cells.map));
}

inline val columns_of(const Annotations& annotations) {
  val columns = val::object();
  set_columns(columns, static_cast<const LabelChoice&>(annotations));
  set_columns(columns, static_cast<const CellColumns&>(annotations));
  return columns;
}

inline val columns_of(const AnnotationsAtRates& annotations) {
  val columns = val::object();
  set_columns(columns, annotations);
  val choices = val::array();
  for (const LabelChoice& choice : annotations.choices) {
    val item = val::object();
    set_columns(item, choice);
    choices.call<void>("push", item);
  }
  columns.set("choices", choices);
  return columns;
}

inline Annotations annotations_of(const val& columns) {
  const auto floats = [&](const char* name) { return emscripten::convertJSArrayToNumberVector<float>(columns[name]); };
  const auto integers = [&](const char* name) { return emscripten::convertJSArrayToNumberVector<std::int32_t>(columns[name]); };
  Annotations annotations;
  for (const std::int32_t kind : integers("kind")) annotations.kind.push_back(static_cast<LabelKind>(kind));
  annotations.term = integers("term");
  annotations.label_probability = floats("labelProbability");
  annotations.best = integers("best");
  annotations.second = integers("second");
  annotations.probability = floats("probability");
  annotations.second_probability = floats("secondProbability");
  annotations.unknown_score = floats("unknownScore");
  annotations.undisplaced_score = floats("undisplacedScore");
  annotations.map = floats("map");
  return annotations;
}

inline Curation curation_of(const val& curated) {
  const auto integers = [&](const char* name) { return emscripten::convertJSArrayToNumberVector<std::int32_t>(curated[name]); };
  const auto texts = [&](const char* name) { return emscripten::vecFromJSArray<std::string>(curated[name]); };
  return {texts("names"), integers("label"), texts("reviewNames"), integers("review")};
}

}  // namespace plkd::page

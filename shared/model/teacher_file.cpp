#include "shared/model/teacher_file.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "shared/error.h"
#include "shared/model/to_digits.h"

namespace plkd {
namespace {

using nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr int kDigits = 8;
constexpr const char* kHint = "give the file that plkd train wrote with --teacher-out beside this model";

json numbers_of(const std::vector<float>& values) {
  json list = json::array();
  for (const float value : values) list.push_back(to_digits(static_cast<double>(value), kDigits));
  return list;
}

json to_json(const TeacherExample& example) {
  const CountMatrix& cells = example.expression;
  return {{"row_begin", cells.row_begin},
          {"gene", cells.gene},
          {"value", numbers_of(cells.count)},
          {"logits", numbers_of(example.logits)},
          {"attention", numbers_of(example.attention)}};
}

json names_of(const std::vector<CellType>& classes) {
  json names = json::array();
  for (const CellType& type : classes) names.push_back(type.name);
  return names;
}

json names_of(const std::vector<Pattern>& patterns) {
  json names = json::array();
  for (const Pattern& pattern : patterns) names.push_back(pattern.name);
  return names;
}

bool are_finite(const std::vector<float>& values) {
  for (const float value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

TeacherExample example_of(const json& stored, const Model& model, const std::string& source) {
  TeacherExample example;
  example.expression.genes = model.genes.size();
  stored.at("row_begin").get_to(example.expression.row_begin);
  stored.at("gene").get_to(example.expression.gene);
  stored.at("value").get_to(example.expression.count);
  stored.at("logits").get_to(example.logits);
  stored.at("attention").get_to(example.attention);
  validate(example.expression, source);
  const auto cells = static_cast<std::size_t>(example.expression.cells());
  if (cells == 0 || example.logits.size() != cells * model.classes.size() || !are_finite(example.logits) ||
      example.attention.size() != cells * model.patterns.size() || !are_finite(example.attention))
    throw Error(ErrorKind::BadInput, source + ": its example does not fit the model's classes and patterns",
                "the file is damaged, copy it again");
  return example;
}

}  // namespace

std::string encode_teacher(onnx::Graph graph, const Model& model, const std::string& model_digest,
                           const TeacherExample& example) {
  graph.producer = kTeacherProducer;
  graph.metadata[onnx::kMetadataKey] = json{{"teacher", kFormatVersion},
                                            {"name", model.card.name},
                                            {"model", model_digest},
                                            {"genes", {{"symbol", model.genes.symbol}, {"id", model.genes.id}}},
                                            {"patterns", names_of(model.patterns)},
                                            {"classes", names_of(model.classes)},
                                            {"example", to_json(example)}}
                                           .dump();
  return onnx::encode(graph);
}

TeacherExample decode_teacher(std::string_view bytes, const std::string& source, const Model& model,
                              const std::string& model_digest) {
  const onnx::Graph graph = onnx::decode(bytes, source);
  const auto metadata = graph.metadata.find(onnx::kMetadataKey);
  try {
    const json stored = metadata == graph.metadata.end() ? json() : json::parse(metadata->second);
    if (!is_teacher(stored)) throw Error(ErrorKind::BadInput, source + ": not a Teacher", kHint);
    if (stored.at("teacher").get<int>() > kFormatVersion)
      throw Error(ErrorKind::BadInput, source + ": its format is newer than this program",
                  "use a newer version of plkd");
    if (stored.at("model") != model_digest)
      throw Error(ErrorKind::BadInput,
                  source + ": the Teacher of another model ('" + stored.at("name").get<std::string>() + "', " +
                      stored.at("model").get<std::string>() + ") than the one that is open ('" + model.card.name +
                      "', " + model_digest + ")",
                  kHint);
    return example_of(stored.at("example"), model, source);
  } catch (const json::exception& error) {
    throw Error(ErrorKind::BadInput, source + ": the Teacher's description cannot be read (" + error.what() + ")",
                "the file is damaged, copy it again");
  }
}

bool is_teacher(const json& stored) { return stored.is_object() && stored.contains("teacher"); }

}  // namespace plkd

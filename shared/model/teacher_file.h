#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/counts/count_matrix.h"
#include "shared/model/model.h"
#include "shared/model/onnx.h"

namespace plkd {

// Some cells and what the Teacher said of them when it was exported: whatever runs the file can be held against it.
struct TeacherExample {
  CountMatrix expression;        // [cells x genes], log-normalised
  std::vector<float> logits;     // [cells x classes]
  std::vector<float> attention;  // [cells x patterns]
};

// Teachers begin with it, so that they are told from models before they are read.
constexpr const char* kTeacherProducer = "plkd teacher";

// A Teacher beside its model: one .onnx file, from expression [cells x genes] to logits [cells x classes] and the
// attention [cells x patterns] that the class token pays. Specified in models/README.md.
std::string encode_teacher(onnx::Graph graph, const Model& model, const std::string& model_digest,
                           const TeacherExample& example);

// Throws BadInput, naming `source`, when the bytes are no Teacher, or that of another model than the one with this
// digest.
TeacherExample decode_teacher(std::string_view bytes, const std::string& source, const Model& model,
                              const std::string& model_digest);

// Of a file's metadata.
bool is_teacher(const nlohmann::json& stored);

}  // namespace plkd

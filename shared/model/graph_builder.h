#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/onnx.h"
#include "shared/student/student.h"

namespace plkd::onnx {

// Writes a graph as if it were arithmetic: each call adds a node and returns the name of its output.
class GraphBuilder {
 public:
  Graph graph;

  std::string linear(const std::string& x, const std::string& name, const Linear& layer);  // x [cells x in]
  std::string layer_norm(const std::string& x, const std::string& name, const LayerNorm& norm);
  // x/2 (1 + erf(x / sqrt 2)): opset 17 has no Gelu, and onnxruntime fuses this form.
  std::string gelu(const std::string& x, const std::string& name, const std::string& output);
  std::string concat(std::vector<std::string> parts, const std::string& output);  // along the width
  // What gelu takes from the graph; once, at its end.
  void constants();

  void tensor(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values);
  void integers(const std::string& name, std::vector<std::int64_t> shape, std::vector<std::int64_t> values);
  std::string node(const std::string& op, std::vector<std::string> inputs, const std::string& output);
};

}  // namespace plkd::onnx

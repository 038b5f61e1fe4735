#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plkd::onnx {

// The part of the ONNX format (IR version 8, opset 17) that our models use, as plain data. Reading and writing go
// through protozero; field numbers are those of onnx.proto (https://github.com/onnx/onnx, onnx/onnx.proto).

// float32 only: a WebGPU without shader-f16 cannot run half-precision graphs. Where a graph picks or reshapes, whole numbers
// stand instead.
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values = {};           // row-major
  std::vector<std::int64_t> integers = {};  // row-major; empty in a tensor of floats
};

struct Node {
  std::string op;  // "Gemm", "LayerNormalization", "Erf", "Mul", ...
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  // Attributes.
  std::map<std::string, float> floats = {};
  std::map<std::string, std::int64_t> ints = {};
  std::map<std::string, std::vector<std::int64_t>> lists = {};
};

// A graph input or output of shape [cells x width].
struct Port {
  std::string name;
  std::int64_t width = 0;
};

struct Graph {
  std::string name;
  std::string producer = "plkd";  // stands at the file's beginning
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<Tensor> initialisers;
  std::vector<Node> nodes;                        // in order of execution
  std::map<std::string, std::string> metadata;    // metadata_props

  const Tensor* find(const std::string& name) const;  // null when there is none
};

// Of all that is not the graph, one JSON.
constexpr const char* kMetadataKey = "plkd";

std::string encode(const Graph& graph);

// `source` names the file in messages. Throws BadInput when the bytes are no ONNX model of the kind above.
Graph decode(std::string_view bytes, const std::string& source);

}  // namespace plkd::onnx

#include "shared/model/graph_builder.h"

#include <utility>

namespace plkd::onnx {

namespace {

constexpr double kRoot2 = 1.41421356237309504880;

}  // namespace

std::string GraphBuilder::linear(const std::string& x, const std::string& name, const Linear& layer) {
  tensor(name + ".weight", {layer.in, layer.out}, {layer.weight.begin(), layer.weight.end()});
  tensor(name + ".bias", {layer.out}, {layer.bias.begin(), layer.bias.end()});
  return node("Gemm", {x, name + ".weight", name + ".bias"}, name);
}

std::string GraphBuilder::layer_norm(const std::string& x, const std::string& name, const LayerNorm& norm) {
  const auto width = static_cast<std::int64_t>(norm.gain.size());
  tensor(name + ".gain", {width}, norm.gain);
  tensor(name + ".shift", {width}, norm.shift);
  const std::string y = node("LayerNormalization", {x, name + ".gain", name + ".shift"}, name + ".normalised");
  graph.nodes.back().floats["epsilon"] = norm.epsilon;
  graph.nodes.back().ints["axis"] = -1;
  return y;
}

std::string GraphBuilder::gelu(const std::string& x, const std::string& name, const std::string& output) {
  const std::string scaled = node("Div", {x, "root2"}, name + ".scaled");
  const std::string error = node("Erf", {scaled}, name + ".erf");
  const std::string gate = node("Add", {error, "one"}, name + ".gate");
  const std::string gated = node("Mul", {x, gate}, name + ".gated");
  return node("Mul", {gated, "half"}, output);
}

std::string GraphBuilder::concat(std::vector<std::string> parts, const std::string& output) {
  node("Concat", std::move(parts), output);
  graph.nodes.back().ints["axis"] = 1;
  return output;
}

void GraphBuilder::constants() {
  tensor("root2", {}, {static_cast<float>(kRoot2)});
  tensor("one", {}, {1});
  tensor("half", {}, {0.5F});
}

void GraphBuilder::tensor(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values) {
  graph.initialisers.push_back({name, std::move(shape), std::move(values)});
}

void GraphBuilder::integers(const std::string& name, std::vector<std::int64_t> shape,
                            std::vector<std::int64_t> values) {
  graph.initialisers.push_back({name, std::move(shape), {}, std::move(values)});
}

std::string GraphBuilder::node(const std::string& op, std::vector<std::string> inputs, const std::string& output) {
  graph.nodes.push_back({op, std::move(inputs), {output}});
  return output;
}

}  // namespace plkd::onnx

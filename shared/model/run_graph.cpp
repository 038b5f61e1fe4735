#include "shared/model/run_graph.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "shared/error.h"

namespace plkd::onnx {

namespace {

// A value in flight: [rows x width]; a bias or gain has one row, a constant one value.
struct Value {
  std::int64_t rows = 0;
  std::int64_t width = 0;
  std::vector<double> at;
};

Value gemm(const Value& x, const Value& weight, const Value& bias) {
  Value y{x.rows, weight.width, std::vector<double>(static_cast<std::size_t>(x.rows * weight.width))};
  for (std::int64_t row = 0; row < x.rows; ++row)
    for (std::int64_t out = 0; out < weight.width; ++out) {
      double sum = bias.at[static_cast<std::size_t>(out)];
      for (std::int64_t in = 0; in < x.width; ++in)
        sum += x.at[static_cast<std::size_t>(row * x.width + in)] *
               weight.at[static_cast<std::size_t>(in * weight.width + out)];
      y.at[static_cast<std::size_t>(row * weight.width + out)] = sum;
    }
  return y;
}

Value layer_norm(const Value& x, const Value& gain, const Value& shift, double epsilon) {
  Value y = x;
  for (std::int64_t row = 0; row < x.rows; ++row) {
    double* const of_row = y.at.data() + row * x.width;
    double mean = 0, variance = 0;
    for (std::int64_t h = 0; h < x.width; ++h) mean += of_row[h] / static_cast<double>(x.width);
    for (std::int64_t h = 0; h < x.width; ++h)
      variance += (of_row[h] - mean) * (of_row[h] - mean) / static_cast<double>(x.width);
    for (std::int64_t h = 0; h < x.width; ++h)
      of_row[h] = (of_row[h] - mean) / std::sqrt(variance + epsilon) * gain.at[static_cast<std::size_t>(h)] +
                  shift.at[static_cast<std::size_t>(h)];
  }
  return y;
}

// Elementwise; `b` has the shape of `a` or one value.
Value combine(const Value& a, const Value& b, const std::function<double(double, double)>& of) {
  Value y = a;
  for (std::size_t at = 0; at < y.at.size(); ++at) y.at[at] = of(a.at[at], b.at.size() == 1 ? b.at[0] : b.at[at]);
  return y;
}

Value clip(const Value& x, double least, double most) {
  Value y = x;
  for (double& value : y.at) value = std::clamp(value, least, most);
  return y;
}

// Along the width.
Value concatenate(const std::vector<const Value*>& parts) {
  Value all{parts.front()->rows, 0, {}};
  for (const Value* part : parts) all.width += part->width;
  for (std::int64_t row = 0; row < all.rows; ++row)
    for (const Value* part : parts) {
      const double* const of_row = part->at.data() + row * part->width;
      all.at.insert(all.at.end(), of_row, of_row + part->width);
    }
  return all;
}

Value value_of(const Tensor& tensor) {
  const bool is_matrix = tensor.shape.size() == 2;
  const auto values = static_cast<std::int64_t>(tensor.values.size());
  return {is_matrix ? tensor.shape[0] : 1, is_matrix ? tensor.shape[1] : values,
          std::vector<double>(tensor.values.begin(), tensor.values.end())};
}

Value run(const Node& node, const std::vector<const Value*>& in) {
  if (node.op == "Gemm" && in.size() == 3) return gemm(*in[0], *in[1], *in[2]);
  if (node.op == "LayerNormalization" && in.size() == 3) {
    const auto epsilon = node.floats.find("epsilon");
    return layer_norm(*in[0], *in[1], *in[2], epsilon == node.floats.end() ? 1e-5 : static_cast<double>(epsilon->second));
  }
  if (node.op == "Div" && in.size() == 2) return combine(*in[0], *in[1], [](double a, double b) { return a / b; });
  if (node.op == "Mul" && in.size() == 2) return combine(*in[0], *in[1], [](double a, double b) { return a * b; });
  if (node.op == "Add" && in.size() == 2) return combine(*in[0], *in[1], [](double a, double b) { return a + b; });
  if (node.op == "Erf" && in.size() == 1)
    return combine(*in[0], *in[0], [](double a, double) { return std::erf(a); });
  if (node.op == "Clip" && in.size() == 3) return clip(*in[0], in[1]->at[0], in[2]->at[0]);
  if (node.op == "Concat" && !in.empty()) return concatenate(in);
  throw Error(ErrorKind::BadInput, "the model's graph uses operator '" + node.op + "', which no plkd model has",
              "use a model file written by plkd train");
}

}  // namespace

std::map<std::string, std::vector<double>> run_graph(const Graph& graph,
                                                     const std::map<std::string, std::vector<float>>& input,
                                                     std::int64_t cells) {
  std::map<std::string, Value> values;
  for (const Tensor& tensor : graph.initialisers) values[tensor.name] = value_of(tensor);
  for (const Port& port : graph.inputs) {
    const std::vector<float>& given = input.at(port.name);
    values[port.name] = {cells, port.width, std::vector<double>(given.begin(), given.end())};
  }
  for (const Node& node : graph.nodes) {
    std::vector<const Value*> in;
    for (const std::string& name : node.inputs) in.push_back(&values.at(name));
    values[node.outputs.at(0)] = run(node, in);
  }
  std::map<std::string, std::vector<double>> outputs;
  for (const Port& port : graph.outputs) outputs[port.name] = values.at(port.name).at;
  return outputs;
}

}  // namespace plkd::onnx

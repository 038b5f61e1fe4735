#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/model/onnx.h"

namespace plkd::onnx {

// Runs a graph node by node in double, with plain loops: slow, obvious, and independent of the Student's kernels, so that
// `plkd verify` can tell whether file and engine say the same. `input` is dense [cells x width] for each graph input.
// Throws BadInput for an operator our models do not use.
std::map<std::string, std::vector<double>> run_graph(const Graph& graph,
                                                     const std::map<std::string, std::vector<float>>& input,
                                                     std::int64_t cells);

}  // namespace plkd::onnx

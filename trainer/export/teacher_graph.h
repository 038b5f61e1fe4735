#pragma once

#include <cstdint>

#include "shared/model/onnx.h"
#include "trainer/teacher/teacher.h"

namespace plkd {

// The trained Teacher as an ONNX graph, from expression [cells x genes] as the Student takes it to the logits
// and the attention that `ask` gives: input scale folded in, operators of opset 17 that WebGPU has, patterns
// multiplied by buckets of similar size as in the pattern layer. `options` are those it was made with; its
// tokens must be by pattern.
onnx::Graph graph_of(const Teacher& teacher, const TeacherOptions& options, std::int64_t genes,
                     const std::vector<float>& input_scale);

}  // namespace plkd

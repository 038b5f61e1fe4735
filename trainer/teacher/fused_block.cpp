#include "trainer/teacher/fused_block.h"

#include <ATen/Parallel.h>

#include <cstddef>
#include <functional>
#include <vector>

namespace plkd {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

enum Weight {
  kAttentionGain,
  kAttentionShift,
  kMlpGain,
  kMlpShift,
  kQuery,
  kQueryBias,
  kKeyValue,
  kKeyValueBias,
  kProject,
  kProjectBias,
  kWiden,
  kWidenBias,
  kNarrow,
  kNarrowBias,
  kWeights
};

template <class Number>
BlockParameters<Number> pointers(const variable_list& weights, std::size_t first = 0) {
  const auto data = [&](Weight which) { return weights[first + which].data_ptr<float>(); };
  return {data(kAttentionGain), data(kAttentionShift), data(kMlpGain),    data(kMlpShift),     data(kQuery),
          data(kQueryBias),     data(kKeyValue),       data(kKeyValueBias), data(kProject),    data(kProjectBias),
          data(kWiden),         data(kWidenBias),      data(kNarrow),     data(kNarrowBias)};
}

// Cells in so many runs whatever the threads, so that sums over cells depend neither on their number nor on who was
// first. More threads than this share no more.
constexpr std::int64_t kRuns = 16;

void for_each_run(std::int64_t cells,
                  const std::function<void(std::int64_t run, std::int64_t begin, std::int64_t end)>& work) {
  at::parallel_for(0, kRuns, 1, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t run = first; run < end; ++run) work(run, cells * run / kRuns, cells * (run + 1) / kRuns);
  });
}

DropoutBytes bytes_of(const torch::Tensor& drawn, int zeros, std::int64_t cell, std::int64_t size) {
  if (!drawn.defined() || drawn.numel() == 0) return {};
  return {drawn.data_ptr<std::uint8_t>() + cell * size, zeros};
}

// What a batch keeps for its gradient, and where each cell's part lies.
struct Kept {
  torch::Tensor query, key_value, mixed, attended, wide;

  BlockKept of(std::int64_t cell) const {
    const auto part = [cell](const torch::Tensor& tensor) {
      return tensor.data_ptr<float>() + cell * tensor.stride(0);
    };
    return {part(query), part(key_value), part(mixed), part(attended), part(wide)};
  }
};

struct Sizes {
  BlockShape shape;
  std::int64_t cells;

  BlockDropout dropout(const variable_list& bytes, std::size_t first, int zeros, std::int64_t cell) const {
    const std::int64_t size = shape.queries * shape.embed;
    return {bytes_of(bytes[first], zeros, cell, size), bytes_of(bytes[first + 1], zeros, cell, 4 * size),
            bytes_of(bytes[first + 2], zeros, cell, size)};
  }
};

constexpr std::size_t kDropouts = 3, kKept = 5;

struct FusedBlock : torch::autograd::Function<FusedBlock> {
  // `input`: tokens, the weights in their order, the bytes of the three dropouts.
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& any_tokens, std::int64_t queries,
                               std::int64_t heads, std::int64_t zeros, at::TensorList weights,
                               at::TensorList dropout) {
    const torch::Tensor tokens = any_tokens.contiguous();
    const Sizes sizes{{tokens.size(1), queries, tokens.size(2), heads}, tokens.size(0)};
    const std::int64_t embed = tokens.size(2);
    const auto empty = [&](std::int64_t rows, std::int64_t width) {
      return torch::empty({sizes.cells, rows, width}, tokens.options());
    };
    const Kept kept{empty(queries, embed), empty(tokens.size(1), 2 * embed), empty(queries, embed),
                    empty(queries, embed), empty(queries, 4 * embed)};
    variable_list transposed;
    for (const torch::Tensor& weight : weights)
      transposed.push_back(weight.dim() == 2 ? weight.t().contiguous() : weight.contiguous());
    const BlockParameters<const float> parameters = pointers<const float>(transposed);
    const variable_list bytes(dropout.begin(), dropout.end());
    torch::Tensor updated = empty(queries, embed);
    const float* in = tokens.data_ptr<float>();
    float* out = updated.data_ptr<float>();
    for_each_run(sizes.cells, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      for (std::int64_t cell = begin; cell < end; ++cell) {
        run_block(sizes.shape, parameters, sizes.dropout(bytes, 0, static_cast<int>(zeros), cell),
                  in + cell * tokens.stride(0), kept.of(cell), out + cell * queries * embed);
      }
    });
    variable_list saved = {tokens};
    saved.insert(saved.end(), weights.begin(), weights.end());
    saved.insert(saved.end(), bytes.begin(), bytes.end());
    saved.insert(saved.end(), {kept.query, kept.key_value, kept.mixed, kept.attended, kept.wide});
    context->save_for_backward(saved);
    context->saved_data["queries"] = queries;
    context->saved_data["heads"] = heads;
    context->saved_data["zeros"] = zeros;
    return updated;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor& tokens = saved[0];
    const std::int64_t queries = context->saved_data["queries"].toInt(), embed = tokens.size(2);
    const int zeros = static_cast<int>(context->saved_data["zeros"].toInt());
    const Sizes sizes{{tokens.size(1), queries, embed, context->saved_data["heads"].toInt()}, tokens.size(0)};
    constexpr std::size_t kFirstBytes = 1 + kWeights, kFirstKept = kFirstBytes + kDropouts;
    const Kept kept{saved[kFirstKept], saved[kFirstKept + 1], saved[kFirstKept + 2], saved[kFirstKept + 3],
                    saved[kFirstKept + 4]};
    static_assert(kKept == 5);
    const BlockParameters<const float> parameters = pointers<const float>(saved, 1);
    const torch::Tensor of_updated = gradients[0].contiguous(), of_tokens = torch::empty_like(tokens);
    std::vector<variable_list> of_weights(kRuns);  // a sum for each run of cells
    for (variable_list& sums : of_weights) {
      for (std::size_t i = 0; i < kWeights; ++i) sums.push_back(torch::zeros_like(saved[1 + i]));
    }
    const float *in = tokens.data_ptr<float>(), *of_out = of_updated.data_ptr<float>();
    float* of_in = of_tokens.data_ptr<float>();
    for_each_run(sizes.cells, [&](std::int64_t run, std::int64_t begin, std::int64_t end) {
      const BlockParameters<float> sums = pointers<float>(of_weights[static_cast<std::size_t>(run)]);
      for (std::int64_t cell = begin; cell < end; ++cell) {
        run_block_backward(sizes.shape, parameters, sizes.dropout(saved, kFirstBytes, zeros, cell),
                           in + cell * tokens.stride(0), kept.of(cell), of_out + cell * queries * embed, sums,
                           of_in + cell * tokens.stride(0));
      }
    });
    variable_list all = {of_tokens, {}, {}, {}};
    for (std::size_t i = 0; i < kWeights; ++i) {
      torch::Tensor sum = of_weights[0][i];
      for (std::size_t run = 1; run < of_weights.size(); ++run) sum += of_weights[run][i];
      all.push_back(sum);
    }
    all.insert(all.end(), kDropouts, torch::Tensor());
    return all;
  }
};

}  // namespace

bool can_fuse_block(const torch::Tensor& tokens, std::int64_t heads) {
  return tokens.device().is_cpu() && tokens.scalar_type() == torch::kFloat &&
         can_run_block({tokens.size(1), tokens.size(1), tokens.size(2), heads});
}

torch::Tensor fused_block(const torch::Tensor& tokens, std::int64_t queries, std::int64_t heads,
                          const BlockTensors& weights, const BlockDropoutTensors& dropout) {
  const auto some = [](const torch::Tensor& bytes) {
    return bytes.defined() ? bytes : torch::empty({0}, torch::kUInt8);
  };
  const variable_list list = {weights.attention_gain, weights.attention_shift, weights.mlp_gain, weights.mlp_shift,
                              weights.query,          weights.query_bias,      weights.key_value,
                              weights.key_value_bias, weights.project,         weights.project_bias,
                              weights.widen,          weights.widen_bias,      weights.narrow,
                              weights.narrow_bias};
  const variable_list bytes = {some(dropout.project), some(dropout.widen), some(dropout.narrow)};
  return FusedBlock::apply(tokens, queries, heads, std::int64_t{dropout.zeros}, at::TensorList(list),
                           at::TensorList(bytes));
}

}  // namespace plkd

#include "trainer/teacher/fused_attention.h"

#include <ATen/Parallel.h>

#include <functional>

#include "trainer/teacher/attention_kernel.h"

namespace plkd {
namespace {

// Where a head of a cell begins in the tensors.
struct Head {
  std::int64_t of_query;      // in query, mixed and their gradients
  std::int64_t of_key;        // in key_value and its gradient
  std::int64_t of_value;      // there too
  std::int64_t of_attention;  // in attention
};

HeadShape shape_of(const torch::Tensor& query, const torch::Tensor& key_value, std::int64_t heads) {
  const std::int64_t embed = query.size(2);
  return {query.size(1), key_value.size(1), embed / heads, embed, 2 * embed};
}

void for_each_head(const HeadShape& shape, std::int64_t cells, std::int64_t heads,
                   const std::function<void(const Head&)>& work) {
  at::parallel_for(0, cells * heads, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t cell = i / heads, column = i % heads * shape.width;
      const std::int64_t key = cell * shape.tokens * shape.key_stride + column;
      work({cell * shape.queries * shape.query_stride + column, key, key + shape.query_stride,
            i * shape.queries * shape.tokens});
    }
  });
}

struct FusedAttention : torch::autograd::Function<FusedAttention> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                const torch::Tensor& any_query,
                                                const torch::Tensor& any_key_value, std::int64_t heads,
                                                bool is_kept) {
    const torch::Tensor query = any_query.contiguous(), key_value = any_key_value.contiguous();
    const HeadShape shape = shape_of(query, key_value, heads);
    const std::int64_t cells = query.size(0);
    const torch::Tensor mixed = torch::empty_like(query);
    torch::Tensor attention = torch::empty({0}, query.options());
    if (is_kept) attention = torch::empty({cells, heads, shape.queries, shape.tokens}, query.options());
    const float *q = query.data_ptr<float>(), *kv = key_value.data_ptr<float>();
    float *m = mixed.data_ptr<float>(), *a = attention.data_ptr<float>();
    for_each_head(shape, cells, heads, [&](const Head& head) {
      attend_head(shape, q + head.of_query, kv + head.of_key, kv + head.of_value, m + head.of_query,
                  is_kept ? a + head.of_attention : nullptr);
    });
    context->save_for_backward({query, key_value});
    context->saved_data["heads"] = heads;
    context->mark_non_differentiable({attention});
    return {mixed, attention};
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const torch::Tensor &query = saved[0], &key_value = saved[1];
    const std::int64_t cells = query.size(0), heads = context->saved_data["heads"].toInt();
    const HeadShape shape = shape_of(query, key_value, heads);
    const torch::Tensor of_mixed = gradients[0].contiguous();
    const torch::Tensor of_query = torch::empty_like(query), of_key_value = torch::empty_like(key_value);
    const float *q = query.data_ptr<float>(), *kv = key_value.data_ptr<float>(),
                *dm = of_mixed.data_ptr<float>();
    float *dq = of_query.data_ptr<float>(), *dkv = of_key_value.data_ptr<float>();
    for_each_head(shape, cells, heads, [&](const Head& head) {
      attend_head_backward(shape, q + head.of_query, kv + head.of_key, kv + head.of_value, dm + head.of_query,
                           {dq + head.of_query, dkv + head.of_key, dkv + head.of_value});
    });
    return {of_query, of_key_value, {}, {}};
  }
};

}  // namespace

bool can_fuse(const torch::Tensor& query) {
  return query.device().is_cpu() && query.scalar_type() == torch::kFloat;
}

FusedAttentionOutput fused_attention(const torch::Tensor& query, const torch::Tensor& key_value,
                                     std::int64_t heads, KeepAttention keep) {
  const torch::autograd::variable_list output =
      FusedAttention::apply(query, key_value, heads, keep == KeepAttention::Yes);
  return {output[0], keep == KeepAttention::Yes ? output[1] : torch::Tensor()};
}

}  // namespace plkd

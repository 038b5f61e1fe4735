#pragma once

#include <cstdint>

#include "trainer/teacher/block_kernel.h"
#include "trainer/teacher/fast_dropout.h"
#include "trainer/torch.h"

namespace plkd {

struct BlockTensors {
  torch::Tensor attention_gain, attention_shift, mlp_gain, mlp_shift;
  torch::Tensor query, query_bias, key_value, key_value_bias, project, project_bias, widen, widen_bias, narrow,
      narrow_bias;
};

// The bytes that FastDropout would draw for each of the three; undefined where nothing is dropped.
struct BlockDropoutTensors {
  torch::Tensor project, widen, narrow;  // uint8
  int zeros = 0;
};

bool can_fuse_block(const torch::Tensor& tokens, std::int64_t heads);

// A whole block with its exact gradient, cell by cell in the cache and the cells shared among the threads: LibTorch's
// own layers carry every tensor of a batch through memory, and wake the second thread for each of them. Sums over
// cells do not depend on the number of threads.
torch::Tensor fused_block(const torch::Tensor& tokens,  // [cells x tokens x embed]
                          std::int64_t queries, std::int64_t heads, const BlockTensors& weights,
                          const BlockDropoutTensors& dropout);  // -> [cells x queries x embed]

}  // namespace plkd

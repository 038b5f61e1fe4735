#pragma once

#include <cstdint>

#include "trainer/torch.h"

namespace plkd {

struct FusedAttentionOutput {
  torch::Tensor mixed;      // [cells x queries x embed]
  torch::Tensor attention;  // [cells x heads x queries x tokens], detached; none when not kept
};

enum class KeepAttention { No, Yes };

bool can_fuse(const torch::Tensor& query);  // single precision on a CPU

// softmax(query key' / sqrt(embed / heads)) value with its exact gradient, a head at a time in the cache:
// LibTorch's own products write all scores to memory several times over, which is where a step spends most of
// its time.
FusedAttentionOutput fused_attention(
    const torch::Tensor& query,      // [cells x queries x embed]
    const torch::Tensor& key_value,  // [cells x tokens x 2 embed], keys first
    std::int64_t heads, KeepAttention keep);

}  // namespace plkd

#pragma once

#include "trainer/torch.h"

namespace plkd {

// How well a network's labels agree with the truth while it learns. The scores that people read come from
// shared/annotate/scores.h.
struct Agreement {
  double accuracy = 0;
  double macro_f1 = 0;  // over the classes that occur
};

Agreement agreement(const torch::Tensor& logits,  // [cells x classes]
                    const torch::Tensor& label);  // [cells], int64

}  // namespace plkd

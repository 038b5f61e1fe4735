#pragma once

#include "trainer/data/cells.h"
#include "trainer/fit/training_part.h"
#include "trainer/torch.h"

namespace plkd {

struct MixedCells {
  torch::Tensor expression;  // [cells x genes]
  torch::Tensor label;       // [cells x classes], each class's part in the cell
};

// Turns cells into tensors and mixes a share of them with another cell of the batch, which gets less than
// half of the mixture (Zhang et al. 2018, mixup). What teachers think of a cell between two types is where
// they have most to tell; what they think of their own training cells is little more than the labels.
// Cells of proteins alone are left as they are: over so few features a cell between two types is one of a third.
MixedCells mix(const TrainingPart& part, const Cells& cells, double share);

}  // namespace plkd

#pragma once

#include "shared/integration/latents.h"

namespace plkd {

// Do two ways to group the same cells agree? Names do not matter, only who is together.

// Mutual information over the mean of the two entropies (scikit-learn's default): 0 when one says nothing
// about the other, 1 when they are the same.
double normalised_mutual_information(const Partition& a, const Partition& b);

// Rand index corrected for chance (Hubert and Arabie 1985): 0 expected by chance, 1 when they are the same.
double adjusted_rand_index(const Partition& a, const Partition& b);

}  // namespace plkd

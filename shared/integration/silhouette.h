#pragma once

#include <cstdint>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

// Silhouette of each cell (Rousseeuw 1987): (b - a) / max(a, b), with a the mean distance to the other cells
// of its own group and b the mean distance to those of the nearest other group. 1 deep inside its group, 0
// between two, -1 inside another; 0 in a group of one. Needs two groups. O(cells^2 width).
std::vector<double> silhouettes(const Latents& latents, const Partition& partition);  // [cells]

// Average silhouette width by type, (s + 1) / 2: 1 when types lie far apart. Luecken et al. 2022 (scib), Nat
// Methods 19:41. NaN with fewer than two types.
double label_silhouette(const Latents& latents, const Partition& types);

// Average silhouette width by batch within each type, 1 - |s|: 1 when the batches of a type lie on each
// other. The mean over a type's cells, then over types (Luecken et al. 2022). Types of one batch, or with no
// two cells of one batch, say nothing and are left out; NaN when none is left.
double batch_silhouette(const Latents& latents, const Partition& types, const Partition& batches);

}  // namespace plkd

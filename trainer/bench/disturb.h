#pragma once

#include <random>

#include "shared/counts/count_matrix.h"

namespace plkd {

// What makes a query noisier than its reference.
enum class Disturbance {
  Depth,         // every molecule is seen with this probability: 0.05 keeps 5 % of the depth
  Dropout,       // every gene of every cell is lost with this probability
  MissingGenes,  // this share of the genes is lost in all cells
};

// The counts so disturbed. Fractional counts are thinned as if rounded.
CountMatrix disturb(const CountMatrix& counts, Disturbance disturbance, double level, std::mt19937_64& rng);

}  // namespace plkd

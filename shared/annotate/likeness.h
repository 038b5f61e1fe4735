#pragma once

#include <vector>

#include "shared/model/model.h"

namespace plkd {

// How much a cell has in common with the type it is most like, gene by gene: the largest cosine of its
// log-normalised expression and log(1 + a type's mean). Latents of cells that share hardly a gene with the
// reference may look like its own; this does not: pancreatic islets in a blood model that finds 8 % of its
// genes in them have 0.09, blood 0.8.
class Likeness {
 public:
  explicit Likeness(const Model& model);  // which must keep class means

  std::vector<float> of(const CountMatrix& expression) const;  // [cells], 0 to 1; 0 for a cell without counts

 private:
  std::size_t classes_;
  std::vector<float> profile_;  // [genes x classes], each class of length 1
};

}  // namespace plkd

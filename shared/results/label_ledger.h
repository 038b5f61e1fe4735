#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/digest.h"
#include "shared/model/model.h"

namespace plkd {

struct LabelCount {
  LabelName label;
  LabelKind kind = LabelKind::Type;
  std::int64_t cells = 0;
};

// Keeps account of the labels given: how many cells got which, and digests of them all. Memory does not grow with the cells.
class LabelLedger {
 public:
  LabelLedger(const Model& model, UnknownPolicy policy);

  // Slices in order of cells.
  void add(const Annotations& slice, const std::vector<std::string>& names);

  // Labels that some cell got, in the order of labels_of.
  std::vector<LabelCount> counts() const;
  std::int64_t cells() const;
  // Of every cell's name, label and kind: the same on every machine and engine, but for a cell whose probability lies at a threshold.
  std::string digest() const { return labels_.hex(); }
  // Of every line of labels.csv. Engines sum in another order, so the sixth digit of a probability may differ between them.
  std::string digest_of_lines() const { return lines_.hex(); }

 private:
  const Model& model_;
  UnknownPolicy policy_;
  std::vector<LabelName> names_;
  std::vector<std::int64_t> cells_;  // by label
  Digest labels_;
  Digest lines_;
};

}  // namespace plkd

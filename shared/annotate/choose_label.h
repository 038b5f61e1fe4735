#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/ontology/ontology.h"

namespace plkd {

// What a cell's label is: one of the model's types, a broader term that covers several of them, or none.
enum class LabelKind : std::uint8_t { Type, Broader, Unknown };

struct ChosenLabel {
  LabelKind kind = LabelKind::Type;
  std::int32_t term = -1;  // index into the broader terms, -1 unless Broader
  float probability = 0;   // of the types the label covers, together; of the best type when Unknown
};

// The narrowest label that is sure enough: the best type when its probability reaches `least_probability`,
// else the broader term with fewest types that covers it and whose types together reach it (of equally many,
// the more probable), else none. Raising `least_probability` gives fewer and broader labels, of which fewer
// are wrong; at 0 every cell gets its type.
ChosenLabel choose_label(std::span<const float> probability,  // [classes]
                         std::int32_t best, const std::vector<BroaderTerm>& broader, float least_probability);

}  // namespace plkd

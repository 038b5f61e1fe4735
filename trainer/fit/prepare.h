#pragma once

#include <cstdint>
#include <vector>

#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"
#include "trainer/data/choose_patterns.h"
#include "trainer/data/reference.h"
#include "trainer/data/split.h"
#include "trainer/fit/training_part.h"

namespace plkd {

enum class DeviceChoice { Auto, Cpu, Cuda };
// SplitFirst keeps every cell on one side; OversampleFirst is the published order, see split.h.
enum class SplitOrder { SplitFirst, OversampleFirst };
// Normalised: one factor for all cells, so that their mean squared norm is 900 whatever the reference.
enum class InputScale { Normalised, Unscaled };

struct PrepareOptions {
  // Genes the model looks at, those that vary most between the labels.
  std::int64_t genes = 3000;
  ChoosePatternsOptions patterns;  // their seed is replaced by the one below
  SplitOrder split = SplitOrder::SplitFirst;
  InputScale input = InputScale::Normalised;
  DeviceChoice device = DeviceChoice::Auto;
  std::uint64_t seed = 1;
};

// A reference made ready to learn from.
struct Prepared {
  TrainingPart part;
  GeneVocabulary genes;           // chosen, the networks' input
  std::vector<Pattern> patterns;  // over those genes
  Split split;
  Cells never_drawn;  // where the split leaks: the cells that score honestly; none otherwise
};

// Splits, then chooses genes and patterns on the training part alone: the held-out cells are strangers until
// they are scored.
Prepared prepare(const Reference& reference, const PrepareOptions& options);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <string>
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
  // Memory there is: counts that would take more than half of it lie on disk. 0: what is free.
  double memory_mb = 0;
  std::string folder = ".";  // of the file that they then lie in
};

// A reference made ready to learn from.
struct Prepared {
  TrainingPart part;
  GeneVocabulary genes;           // chosen, the networks' input, all modalities together
  std::vector<Pattern> patterns;  // over those genes
  Split split;
  StoredCells never_drawn;  // where the split leaks: the cells that score honestly; none otherwise
  KeptIn kept_in = KeptIn::Memory;
  double counts_mb = 0;  // of all cells over those genes, estimated before they were kept
};

// Splits, then chooses genes and patterns on the training part alone: the held-out cells are strangers until
// they are scored. Reads the reference twice, once to choose genes and once to keep their counts, so that memory grows
// with cells x chosen genes at most.
Prepared prepare(const Reference& reference, const PrepareOptions& options, Verbosity verbosity);

}  // namespace plkd

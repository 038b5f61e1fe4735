#pragma once

#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

enum class ValueKind {
  Counts,         // non-negative whole numbers
  LogNormalised,  // log(1 + x) of counts scaled to one library size: undone by exp(x) - 1
  Fractional,     // non-negative, neither of the above (TPM, corrected counts): taken as counts
};

struct Inspection {
  ValueKind kind = ValueKind::Counts;
  double median_library = 0;     // of the cells looked at, after undoing a logarithm
  double median_genes = 0;       // genes seen per cell, likewise
  std::string evidence;          // one sentence for people: why `kind` was chosen
};

// Looks at up to 200 cells spread over the matrix and tells counts from log-normalised values. Throws BadInput, with
// the remedy, for what no recipe can take: negative (scaled) values, or nothing but zeros.
Inspection inspect(CountsReader& reader);

// Cells [first, end) as counts, a logarithm undone when the inspection found one.
CountMatrix read_as_counts(CountsReader& reader, const Inspection& inspection, std::int64_t first, std::int64_t end);

std::string name_of(ValueKind kind);  // "counts", "log-normalised", "fractional"

}  // namespace plkd

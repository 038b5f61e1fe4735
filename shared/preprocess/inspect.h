#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

enum class ValueKind {
  Counts,          // non-negative whole numbers
  LogNormalised,   // log(1 + x) of counts scaled to one library size, whichever: undone by exp(x) - 1
  Log2Normalised,  // the same to base 2: undone by 2^x - 1
  Normalised,      // scaled to one library size without a logarithm (CPM, TPM): taken as counts
  Fractional,      // non-negative, large, neither of the above (corrected counts): taken as counts
  Unclear,         // small fractions that are none of these: no recipe takes them
  Scaled,          // negative values: no recipe takes them
};

struct Inspection {
  ValueKind kind = ValueKind::Counts;
  double median_library = 0;     // of the cells looked at, after undoing a logarithm
  double median_genes = 0;       // genes seen per cell, likewise
  std::string evidence;          // one sentence for people: why `kind` was chosen
};

// Looks at up to 200 cells spread over the matrix and says what their values are. Throws BadInput for nothing but zeros.
Inspection inspect(CountsReader& reader);

// The same of proteins or peaks: counts, fractions that are taken for counts, or Unclear and Scaled for what
// was normalised already. A logarithm is not undone: each protein may have been scaled by itself.
Inspection inspect_other(CountsReader& reader, std::size_t which);
// Whether counts can be had of such values.
bool can_be_counts(const Inspection& inspection);
// Why none can be had of these; empty when they can.
std::string unfit_values(CountsReader& reader, std::size_t which);

// Throws BadInput, with the remedy, for values that cannot be made counts again.
void require_counts(const Inspection& inspection, const std::string& path);

// Cells [first, end) as counts, a logarithm undone when the inspection found one.
CountMatrix read_as_counts(CountsReader& reader, const Inspection& inspection, std::int64_t first, std::int64_t end);

std::string name_of(ValueKind kind);  // "counts", "log-normalised", "log2-normalised", ...

// What to do about Unclear and Scaled values.
std::string remedy_for_values();

}  // namespace plkd

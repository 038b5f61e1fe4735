#include "shared/preprocess/inspect.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "shared/error.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlices = 10;
constexpr std::int64_t kCellsPerSlice = 20;
// log(1 + x) of a whole library of 1e6 is 13.8, log2(1 + x) of it 19.9; counts of a real cell nearly always pass this
// somewhere.
constexpr float kLargestLogarithm = 14;
constexpr float kLargestLogarithm2 = 20;
// Libraries of log-normalised cells are equal but for rounding and genes left out after normalising.
constexpr double kEqualLibraries = 0.02;
// Where genes were left out after normalising, libraries differ, but a cell's values are still whole multiples of what
// one count became.
constexpr double kWholeMultiples = 0.9;
constexpr double kLargestMultiple = 20;
constexpr double kNearWhole = 0.02;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Of all cells what `read(first, end)` gives.
template <class Read>
CountMatrix sample(std::int64_t cells, const Read& read) {
  if (cells <= kSlices * kCellsPerSlice) return read(0, cells);
  CountMatrix sampled;
  for (std::int64_t slice = 0; slice < kSlices; ++slice) {
    const std::int64_t first = slice * (cells - kCellsPerSlice) / (kSlices - 1);
    append_cells(sampled, read(first, first + kCellsPerSlice));
  }
  return sampled;
}

bool are_whole(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return value == std::floor(value); });
}

void undo_logarithm(CountMatrix& values, ValueKind kind) {
  if (kind == ValueKind::LogNormalised)
    for (float& value : values.count) value = std::expm1(value);
  if (kind == ValueKind::Log2Normalised)
    for (float& value : values.count) value = std::exp2(value) - 1;
}

std::vector<double> without_empty(const std::vector<double>& library) {
  std::vector<double> filled;
  for (const double size : library)
    if (size > 0) filled.push_back(size);
  return filled;
}

// Half the spread of the middle 80 % of libraries, relative to their median.
double relative_spread(std::vector<double> library) {
  std::sort(library.begin(), library.end());
  const std::size_t tenth = library.size() / 10;
  return (library[library.size() - 1 - tenth] - library[tenth]) / (2 * median(library));
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

// Share of values that are whole multiples of their cell's smallest, of those from twice to twenty times as large; 0
// when there are too few.
double share_of_whole_multiples(const CountMatrix& values) {
  std::int64_t looked_at = 0, whole = 0;
  for (std::size_t cell = 0; cell + 1 < values.row_begin.size(); ++cell) {
    const auto begin = values.count.begin() + static_cast<std::ptrdiff_t>(values.row_begin[cell]);
    const auto end = values.count.begin() + static_cast<std::ptrdiff_t>(values.row_begin[cell + 1]);
    if (begin == end) continue;
    const auto one = static_cast<double>(*std::min_element(begin, end));
    for (auto value = begin; value != end; ++value) {
      const double multiple = static_cast<double>(*value) / one;
      if (multiple < 1.2 || multiple > kLargestMultiple) continue;
      ++looked_at;
      whole += std::abs(multiple - std::round(multiple)) < kNearWhole;
    }
  }
  constexpr std::int64_t kFewest = 100;
  return looked_at < kFewest ? 0 : static_cast<double>(whole) / static_cast<double>(looked_at);
}

// What was done to the counts before they were saved, with the words for it.
struct Transformation {
  ValueKind kind;
  float largest;  // values above it rule it out
  const char* undone;
};
constexpr Transformation kTransformations[] = {
    {ValueKind::LogNormalised, kLargestLogarithm, "after exp(x) - 1"},
    {ValueKind::Log2Normalised, kLargestLogarithm2, "after 2^x - 1"},
    {ValueKind::Normalised, std::numeric_limits<float>::max(), "as they are"},
};

// Fractions: the transformation after which libraries are most equal, else the one that leaves whole multiples.
Inspection inspect_fractions(const CountMatrix& sampled, float largest) {
  Inspection found;
  double least_spread = kEqualLibraries;
  for (const Transformation& transformation : kTransformations) {
    if (largest >= transformation.largest) continue;
    CountMatrix undone = sampled;
    undo_logarithm(undone, transformation.kind);
    const std::vector<double> library = without_empty(library_sizes(undone));
    const double spread = relative_spread(library);
    if (spread >= least_spread) continue;
    least_spread = spread;
    found.kind = transformation.kind;
    found.evidence = std::string(transformation.undone) + " every cell sums to about " + rounded(median(library));
  }
  if (!found.evidence.empty()) return found;
  double most_whole = kWholeMultiples;
  for (const Transformation& transformation : kTransformations) {
    // Large values are as good as counts whether or not they are multiples.
    if (largest >= std::min(transformation.largest, kLargestLogarithm2)) continue;
    CountMatrix undone = sampled;
    undo_logarithm(undone, transformation.kind);
    const double whole = share_of_whole_multiples(undone);
    if (whole <= most_whole) continue;
    most_whole = whole;
    found.kind = transformation.kind;
    found.evidence = std::string(transformation.undone) + " " + rounded(100 * whole) +
                     " % of values are whole multiples of their cell's smallest; genes were left out after normalising";
  }
  if (!found.evidence.empty()) return found;
  const std::string largest_seen = "not whole numbers, the largest seen is " + rounded(static_cast<double>(largest));
  if (largest < kLargestLogarithm)
    return {ValueKind::Unclear, 0, 0, largest_seen + ", and neither as they are nor with a logarithm undone do cells sum to one library size"};
  return {ValueKind::Fractional, 0, 0, largest_seen + ": taken as corrected counts"};
}

}  // namespace

Inspection inspect(CountsReader& reader) {
  CountMatrix sampled =
      sample(reader.cells(), [&](std::int64_t first, std::int64_t end) { return reader.read(first, end); });
  if (reader.cells() == 0 || sampled.entries() == 0)
    throw Error(ErrorKind::BadInput, reader.path() + ": no cell has a count", "check that the right matrix was saved");

  const auto [least, most] = std::minmax_element(sampled.count.begin(), sampled.count.end());
  const float smallest = *least, largest = *most;
  Inspection inspection;
  if (smallest < 0) {
    inspection.kind = ValueKind::Scaled;
    inspection.evidence = "negative values, down to " + std::to_string(smallest) + ": each gene was scaled or centred";
  } else if (are_whole(sampled.count)) {
    inspection.kind = ValueKind::Counts;
    inspection.evidence = "whole numbers, the largest seen is " + rounded(static_cast<double>(largest));
  } else {
    inspection = inspect_fractions(sampled, largest);
    undo_logarithm(sampled, inspection.kind);
  }

  const std::vector<double> library = without_empty(library_sizes(sampled));
  if (!library.empty()) inspection.median_library = median(library);
  std::vector<double> genes_seen;
  for (std::size_t cell = 0; cell + 1 < sampled.row_begin.size(); ++cell)
    genes_seen.push_back(static_cast<double>(sampled.row_begin[cell + 1] - sampled.row_begin[cell]));
  inspection.median_genes = median(std::move(genes_seen));
  return inspection;
}

Inspection inspect_other(CountsReader& reader, std::size_t which) {
  CountMatrix sampled;
  try {
    sampled = sample(reader.cells(), [&](std::int64_t first, std::int64_t end) {
      return reader.read_other(which, first, end);
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::BadInput) throw;
    // A reader refuses negative values itself; to inspect them is to say so.
    return {ValueKind::Scaled, 0, 0, error.message()};
  }
  if (sampled.entries() == 0) return {ValueKind::Counts, 0, 0, "nothing but zeros"};
  const auto [least, most] = std::minmax_element(sampled.count.begin(), sampled.count.end());
  const std::string largest_seen = "the largest seen is " + rounded(static_cast<double>(*most));
  if (*least < 0) return {ValueKind::Scaled, 0, 0, "negative values, down to " + std::to_string(*least)};
  if (are_whole(sampled.count)) return {ValueKind::Counts, 0, 0, "whole numbers, " + largest_seen};
  return {*most < kLargestLogarithm ? ValueKind::Unclear : ValueKind::Fractional, 0, 0,
          "not whole numbers, " + largest_seen};
}

bool can_be_counts(const Inspection& inspection) {
  return inspection.kind != ValueKind::Unclear && inspection.kind != ValueKind::Scaled;
}

std::string unfit_values(CountsReader& reader, std::size_t which) {
  const Inspection found = inspect_other(reader, which);
  // Fragments are counted by halves, too, and a cell's peaks are scaled to one sum whatever they are.
  const bool is_chromatin = reader.other_features()[which].modality == Modality::Chromatin;
  const bool can_be = can_be_counts(found) || (is_chromatin && found.kind == ValueKind::Unclear);
  return can_be ? "" : "normalised already, not counts: " + found.evidence;
}

std::string remedy_for_values() { return "give raw counts, for example in 'raw.X' or in a layer 'counts' (--slot)"; }

void require_counts(const Inspection& inspection, const std::string& path) {
  if (can_be_counts(inspection)) return;
  throw Error(ErrorKind::BadInput, path + ": values are neither counts nor log-normalised: " + inspection.evidence,
              remedy_for_values());
}

CountMatrix read_as_counts(CountsReader& reader, const Inspection& inspection, std::int64_t first, std::int64_t end) {
  CountMatrix counts = reader.read(first, end);
  undo_logarithm(counts, inspection.kind);
  return counts;
}

std::string name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Counts:
      return "counts";
    case ValueKind::LogNormalised:
      return "log-normalised";
    case ValueKind::Log2Normalised:
      return "log2-normalised";
    case ValueKind::Normalised:
      return "normalised without a logarithm";
    case ValueKind::Fractional:
      return "fractional";
    case ValueKind::Unclear:
      return "unclear";
    case ValueKind::Scaled:
      return "scaled";
  }
  throw Error(ErrorKind::Internal, "name_of: unknown kind of values");
}

}  // namespace plkd

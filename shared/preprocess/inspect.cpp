#include "shared/preprocess/inspect.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "shared/error.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlices = 10;
constexpr std::int64_t kCellsPerSlice = 20;
// log1p of a whole library of 1e6 is 13.8; counts of a real cell nearly always pass this somewhere.
constexpr float kLargestLogarithm = 14;
// Libraries of log-normalised cells are equal but for rounding and genes left out after normalising.
constexpr double kEqualLibraries = 0.02;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

CountMatrix sample(CountsReader& reader) {
  const std::int64_t cells = reader.cells();
  if (cells <= kSlices * kCellsPerSlice) return reader.read(0, cells);
  CountMatrix sampled;
  for (std::int64_t slice = 0; slice < kSlices; ++slice) {
    const std::int64_t first = slice * (cells - kCellsPerSlice) / (kSlices - 1);
    append_cells(sampled, reader.read(first, first + kCellsPerSlice));
  }
  return sampled;
}

void undo_logarithm(CountMatrix& values) {
  for (float& value : values.count) value = std::expm1(value);
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

}  // namespace

Inspection inspect(CountsReader& reader) {
  CountMatrix sampled = sample(reader);
  if (reader.cells() == 0 || sampled.entries() == 0)
    throw Error(ErrorKind::BadInput, reader.path() + ": no cell has a count", "check that the right matrix was saved");

  const float largest = *std::max_element(sampled.count.begin(), sampled.count.end());
  const bool whole = std::all_of(sampled.count.begin(), sampled.count.end(),
                                 [](float value) { return value == std::floor(value); });
  Inspection inspection;
  if (whole) {
    inspection.kind = ValueKind::Counts;
    inspection.evidence = "whole numbers, the largest seen is " + rounded(largest);
  } else if (largest < kLargestLogarithm) {
    CountMatrix undone = sampled;
    undo_logarithm(undone);
    const std::vector<double> library = without_empty(library_sizes(undone));
    if (relative_spread(library) < kEqualLibraries) {
      inspection.kind = ValueKind::LogNormalised;
      inspection.evidence = "after exp(x) - 1 every cell sums to about " + rounded(median(library));
      sampled = std::move(undone);
    }
  }
  if (!whole && inspection.kind != ValueKind::LogNormalised) {
    if (largest < kLargestLogarithm)
      throw Error(ErrorKind::BadInput,
                  reader.path() + ": values are neither counts nor log-normalised (largest seen " +
                      std::to_string(largest) + ", cells do not sum to one library size)",
                  "give raw counts, for example in 'raw.X' or in a layer 'counts'");
    inspection.kind = ValueKind::Fractional;
    inspection.evidence = "not whole numbers, the largest seen is " + rounded(largest) + ": taken as corrected counts";
  }

  inspection.median_library = median(without_empty(library_sizes(sampled)));
  std::vector<double> genes_seen;
  for (std::size_t cell = 0; cell + 1 < sampled.row_begin.size(); ++cell)
    genes_seen.push_back(static_cast<double>(sampled.row_begin[cell + 1] - sampled.row_begin[cell]));
  inspection.median_genes = median(std::move(genes_seen));
  return inspection;
}

CountMatrix read_as_counts(CountsReader& reader, const Inspection& inspection, std::int64_t first, std::int64_t end) {
  CountMatrix counts = reader.read(first, end);
  if (inspection.kind == ValueKind::LogNormalised) undo_logarithm(counts);
  return counts;
}

std::string name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Counts:
      return "counts";
    case ValueKind::LogNormalised:
      return "log-normalised";
    case ValueKind::Fractional:
      return "fractional";
  }
  throw Error(ErrorKind::Internal, "name_of: unknown kind of values");
}

}  // namespace plkd

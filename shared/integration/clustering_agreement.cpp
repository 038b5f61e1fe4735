#include "shared/integration/clustering_agreement.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace plkd {

namespace {

struct Contingency {
  std::vector<double> cells;  // [groups of a x groups of b]
  std::vector<double> of_a;   // [groups of a]
  std::vector<double> of_b;   // [groups of b]
  double total = 0;
};

Contingency contingency_of(const Partition& a, const Partition& b) {
  Contingency table{
      std::vector<double>(static_cast<std::size_t>(a.groups) * static_cast<std::size_t>(b.groups)),
      std::vector<double>(static_cast<std::size_t>(a.groups)),
      std::vector<double>(static_cast<std::size_t>(b.groups)), static_cast<double>(a.cells())};
  for (std::size_t cell = 0; cell < a.group.size(); ++cell) {
    const auto in_a = static_cast<std::size_t>(a.group[cell]);
    const auto in_b = static_cast<std::size_t>(b.group[cell]);
    ++table.cells[in_a * table.of_b.size() + in_b];
    ++table.of_a[in_a];
    ++table.of_b[in_b];
  }
  return table;
}

double entropy(const std::vector<double>& sizes, double total) {
  double sum = 0;
  for (const double size : sizes) {
    if (size > 0) sum -= size / total * std::log(size / total);
  }
  return sum;
}

double sum_of_squares(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

}  // namespace

double normalised_mutual_information(const Partition& a, const Partition& b) {
  const Contingency table = contingency_of(a, b);
  const double of_a = entropy(table.of_a, table.total), of_b = entropy(table.of_b, table.total);
  if (of_a == 0 && of_b == 0) return 1;
  // Rounding leaves a trace of information where there is none.
  const double information = of_a + of_b - entropy(table.cells, table.total);
  return information < std::numeric_limits<double>::epsilon() ? 0 : 2 * information / (of_a + of_b);
}

double adjusted_rand_index(const Partition& a, const Partition& b) {
  const Contingency table = contingency_of(a, b);
  const double cells = table.total;
  // Ordered pairs of cells, a cell with itself included, which cancels.
  const double in_both = sum_of_squares(table.cells) - cells;
  const double in_a = sum_of_squares(table.of_a) - cells;
  const double in_b = sum_of_squares(table.of_b) - cells;
  if (in_a == in_both && in_b == in_both) return 1;
  const double by_chance = in_a * in_b / (cells * (cells - 1));
  return (in_both - by_chance) / ((in_a + in_b) / 2 - by_chance);
}

}  // namespace plkd

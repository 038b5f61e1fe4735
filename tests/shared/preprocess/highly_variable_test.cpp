#include "shared/preprocess/highly_variable.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace {

using Dense = std::vector<std::vector<float>>;  // [cells][genes]

plkd::CountMatrix sparse(const Dense& values) {
  plkd::CountMatrix matrix;
  matrix.genes = static_cast<std::int64_t>(values.front().size());
  for (const std::vector<float>& cell : values) {
    for (std::size_t g = 0; g < cell.size(); ++g) {
      if (cell[g] == 0) continue;
      matrix.gene.push_back(static_cast<std::int32_t>(g));
      matrix.count.push_back(cell[g]);
    }
    matrix.row_begin.push_back(matrix.entries());
  }
  return matrix;
}

Dense random_expression(std::size_t cells, std::size_t genes) {
  std::mt19937_64 rng(3);
  Dense values(cells, std::vector<float>(genes));
  for (std::size_t c = 0; c < cells; ++c) {
    for (std::size_t g = 0; g < genes; ++g) {
      if (rng() % 3 == 0) continue;
      values[c][g] = static_cast<float>(rng() % 1000) / 1000.0f * static_cast<float>(1 + g % 4);
    }
  }
  return values;
}

// F from its definition, cell by cell.
double naive_f(const Dense& values, const std::vector<std::int32_t>& label, int classes, std::size_t gene) {
  double total = 0;
  std::vector<double> mean(static_cast<std::size_t>(classes)), cells(static_cast<std::size_t>(classes));
  for (std::size_t c = 0; c < values.size(); ++c) {
    total += values[c][gene];
    mean[static_cast<std::size_t>(label[c])] += values[c][gene];
    cells[static_cast<std::size_t>(label[c])] += 1;
  }
  const double grand = total / static_cast<double>(values.size());
  double between = 0, within = 0;
  for (std::size_t k = 0; k < mean.size(); ++k) {
    mean[k] /= cells[k];
    between += cells[k] * (mean[k] - grand) * (mean[k] - grand);
  }
  for (std::size_t c = 0; c < values.size(); ++c) {
    within += std::pow(values[c][gene] - mean[static_cast<std::size_t>(label[c])], 2);
  }
  return between / (classes - 1) / (within / static_cast<double>(values.size() - mean.size()) + 1e-3);
}

plkd::HighlyVariableOptions keep(std::int64_t genes, std::int64_t min_cells = 1) {
  plkd::HighlyVariableOptions options;
  options.genes = genes;
  options.min_cells = min_cells;
  return options;
}

// In two slices, as a reference is read.
std::vector<std::int32_t> genes_varying_by_label(const plkd::CountMatrix& expression,
                                                 const std::vector<std::int32_t>& label,
                                                 const plkd::HighlyVariableOptions& options = {}) {
  const std::int64_t cells = expression.cells(), half = cells / 2;
  plkd::VarianceByLabel variance(expression.genes, *std::max_element(label.begin(), label.end()) + 1);
  variance.add(plkd::select_cells(expression, 0, half), {label.begin(), label.begin() + half});
  variance.add(plkd::select_cells(expression, half, cells), {label.begin() + half, label.end()});
  return variance.most_varying(options);
}

}  // namespace

TEST_CASE("VarianceByLabel ranks genes by the F of its definition", "[unit]") {
  const Dense values = random_expression(60, 12);
  std::vector<std::int32_t> label;
  for (int c = 0; c < 60; ++c) label.push_back(c % 3);
  std::size_t best = 0;
  for (std::size_t g = 1; g < 12; ++g) {
    if (naive_f(values, label, 3, g) > naive_f(values, label, 3, best)) best = g;
  }
  CHECK(genes_varying_by_label(sparse(values), label, keep(1)) ==
        std::vector<std::int32_t>{static_cast<std::int32_t>(best)});
  // The genes left out must all have a lower F than the genes kept.
  const auto kept = genes_varying_by_label(sparse(values), label, keep(5));
  double lowest = 1e9;
  for (const std::int32_t g : kept) {
    lowest = std::min(lowest, naive_f(values, label, 3, static_cast<std::size_t>(g)));
  }
  int higher = 0;
  for (std::size_t g = 0; g < 12; ++g) higher += naive_f(values, label, 3, g) >= lowest - 1e-9;
  CHECK(higher == 5);
}

TEST_CASE("VarianceByLabel ignores cells without a label", "[unit]") {
  // Gene 1 separates the labelled cells; gene 0 differs only in the cells to ignore.
  const Dense values = {{1, 2}, {1, 2}, {1, 0}, {1, 0}, {9, 1}, {0, 1}};
  const std::vector<std::int32_t> label = {0, 0, 1, 1, -1, -1};
  CHECK(genes_varying_by_label(sparse(values), label, keep(1)) == std::vector<std::int32_t>{1});
}

TEST_CASE("genes seen in too few cells are never chosen", "[unit]") {
  Dense values(12, {0, 1});
  values[0][0] = values[1][0] = 50;  // varies most, in two cells
  values[3][1] = 2;
  const std::vector<std::int32_t> label = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  CHECK(genes_varying_by_label(sparse(values), label, keep(2, 5)) == std::vector<std::int32_t>{1});
  CHECK(plkd::highly_variable_genes(sparse(values), keep(2, 5)) == std::vector<std::int32_t>{1});
}

TEST_CASE("equal genes are chosen in their order, and the result ascends", "[unit]") {
  const Dense values = {{2, 2, 2, 2}, {1, 1, 1, 1}, {2, 2, 2, 2}, {1, 1, 1, 1}};
  CHECK(genes_varying_by_label(sparse(values), {0, 1, 0, 1}, keep(2)) ==
        std::vector<std::int32_t>{0, 1});
  CHECK(plkd::highly_variable_genes(sparse(values), keep(3)) == std::vector<std::int32_t>{0, 1, 2});
}

TEST_CASE("highly_variable_genes finds the gene that varies most at its level of expression", "[unit]") {
  // Twenty genes at each of two levels; gene 7 is the one of the low level that comes and goes.
  Dense values(40, std::vector<float>(40));
  for (std::size_t c = 0; c < 40; ++c) {
    for (std::size_t g = 0; g < 40; ++g) {
      const float level = g < 20 ? 0.5f : 4.0f;
      values[c][g] = level + 0.01f * static_cast<float>((c * 7 + g * 13) % 11);
    }
    values[c][7] = c % 8 == 0 ? 1.9f : 0.05f;
  }
  CHECK(plkd::highly_variable_genes(sparse(values), keep(1)) == std::vector<std::int32_t>{7});
}

TEST_CASE("asking for more genes than there are gives all that qualify", "[unit]") {
  const Dense values = {{1, 0, 2}, {2, 0, 1}, {1, 0, 2}};
  CHECK(genes_varying_by_label(sparse(values), {0, 1, 0}, keep(100)) ==
        std::vector<std::int32_t>{0, 2});
  CHECK(plkd::highly_variable_genes(sparse(values), keep(100)) == std::vector<std::int32_t>{0, 2});
}

#include "trainer/data/split.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <set>

namespace {

std::vector<std::int64_t> both_sides(const plkd::Split& split) {
  std::vector<std::int64_t> cells = split.train;
  cells.insert(cells.end(), split.held_out.begin(), split.held_out.end());
  std::sort(cells.begin(), cells.end());
  return cells;
}

std::vector<std::int64_t> all_cells(std::size_t count) {
  std::vector<std::int64_t> cells(count);
  std::iota(cells.begin(), cells.end(), std::int64_t{0});
  return cells;
}

std::int64_t of_class(const std::vector<std::int64_t>& cells, const std::vector<std::int32_t>& label,
                      std::int32_t c) {
  return std::count_if(cells.begin(), cells.end(),
                       [&](std::int64_t cell) { return label[static_cast<std::size_t>(cell)] == c; });
}

// 100 cells of class 0, 40 of class 1, 4 of class 2, 2 of class 3.
std::vector<std::int32_t> uneven_labels() {
  std::vector<std::int32_t> label(100, 0);
  label.insert(label.end(), 40, 1);
  label.insert(label.end(), 4, 2);
  label.insert(label.end(), 2, 3);
  return label;
}

}  // namespace

TEST_CASE("a split shares no cell and loses none", "[unit]") {
  const std::vector<std::int32_t> label = uneven_labels();
  const plkd::Split split = plkd::split_cells(label, std::vector<std::int32_t>(label.size()), {"one"});
  CHECK(both_sides(split) == all_cells(label.size()));
  CHECK(std::is_sorted(split.train.begin(), split.train.end()));
  CHECK(std::is_sorted(split.held_out.begin(), split.held_out.end()));
}

TEST_CASE("a stratified split holds out 15 % of each class, none of the smallest", "[unit]") {
  const std::vector<std::int32_t> label = uneven_labels();
  const plkd::Split split = plkd::split_cells(label, std::vector<std::int32_t>(label.size()), {"one"});
  CHECK(split.how == "stratified by label");
  CHECK(of_class(split.held_out, label, 0) == 15);
  CHECK(of_class(split.held_out, label, 1) == 6);
  CHECK(of_class(split.held_out, label, 2) == 1);
  CHECK(of_class(split.held_out, label, 3) == 0);
}

TEST_CASE("even a reference of a few cells has some held out", "[unit]") {
  const plkd::Split split = plkd::split_cells({0, 0, 0, 1, 1}, {0, 0, 0, 0, 0}, {"one"});
  CHECK(split.held_out.size() == 1);
  CHECK(split.train.size() == 4);
}

TEST_CASE("with three batches or more whole batches are held out", "[unit]") {
  std::vector<std::int32_t> label, batch;
  for (std::int32_t cell = 0; cell < 400; ++cell) {
    label.push_back(cell % 2);
    batch.push_back(cell / 100);
  }
  const plkd::Split split = plkd::split_cells(label, batch, {"a", "b", "c", "d"});
  CHECK(both_sides(split) == all_cells(400));
  std::set<std::int32_t> held_out, train;
  for (const std::int64_t cell : split.held_out) held_out.insert(batch[static_cast<std::size_t>(cell)]);
  for (const std::int64_t cell : split.train) train.insert(batch[static_cast<std::size_t>(cell)]);
  CHECK(held_out.size() == 1);
  CHECK(train.size() == 3);
  CHECK(train.count(*held_out.begin()) == 0);
  CHECK(split.how.rfind("batches held out: '", 0) == 0);
}

TEST_CASE("no batch is held out that alone has a class", "[unit]") {
  std::vector<std::int32_t> label, batch;
  for (std::int32_t cell = 0; cell < 300; ++cell) {
    batch.push_back(cell / 100);
    label.push_back(cell % 2 == 0 ? 0 : 1 + cell / 100);  // each batch has a class of its own
  }
  CHECK(plkd::split_cells(label, batch, {"a", "b", "c"}).how == "stratified by label");
}

TEST_CASE("a split depends on its seed alone", "[unit]") {
  const std::vector<std::int32_t> label = uneven_labels(), batch(label.size());
  plkd::SplitOptions other;
  other.seed = 2;
  CHECK(plkd::split_cells(label, batch, {"one"}).held_out ==
        plkd::split_cells(label, batch, {"one"}).held_out);
  CHECK(plkd::split_cells(label, batch, {"one"}).held_out !=
        plkd::split_cells(label, batch, {"one"}, other).held_out);
}

TEST_CASE("oversampling gives every class as many draws as the largest has cells", "[unit]") {
  const std::vector<std::int32_t> label = uneven_labels();
  std::mt19937_64 rng(1);
  const std::vector<std::int64_t> draws = plkd::oversample(label, rng);
  for (std::int32_t c = 0; c < 4; ++c) CHECK(of_class(draws, label, c) == 100);
  // With replacement: of 100 cells about 63 are drawn.
  std::set<std::int64_t> distinct;
  for (const std::int64_t cell : draws) {
    if (label[static_cast<std::size_t>(cell)] == 0) distinct.insert(cell);
  }
  CHECK(static_cast<double>(distinct.size()) == Approx(63).margin(12));
}

TEST_CASE("the published order of oversampling and splitting leaks, and knows which cells do not",
          "[golden]") {
  const std::vector<std::int32_t> label = uneven_labels();
  const plkd::Split split = plkd::oversample_then_split(label);
  CHECK(split.train.size() == 280);
  CHECK(split.held_out.size() == 120);
  const std::set<std::int64_t> trained(split.train.begin(), split.train.end());
  std::int64_t leaked = 0;
  for (const std::int64_t cell : split.held_out) leaked += static_cast<std::int64_t>(trained.count(cell));
  CHECK(leaked > 60);
  CHECK(split.never_drawn.size() == label.size() - trained.size());
  for (const std::int64_t cell : split.never_drawn) CHECK(trained.count(cell) == 0);
}

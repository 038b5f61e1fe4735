#include "trainer/fit/training_part.h"

#include <catch2/catch.hpp>

#include "tests/trainer/small_reference.h"

namespace {

plkd::Cells typed_cells(int count, std::uint64_t seed) {
  plkd::Cells cells;
  cells.counts = plkd::test::typed_counts(count, 10, seed);
  for (int cell = 0; cell < count; ++cell) {
    cells.library.push_back(100.0 * static_cast<double>(seed) + cell);
    cells.label.push_back(cell % 3);
  }
  return cells;
}

}  // namespace

TEST_CASE("with all cells, those held out follow the training cells and none are held out", "[unit]") {
  plkd::TrainingPart part;
  part.train = typed_cells(6, 1);
  part.held_out = typed_cells(4, 2);
  part.train_batch = {0, 0, 1, 1, 0, 0};
  part.held_out_batch = {2, 2, 3, 2};
  part.input_scale = 0.5;
  const plkd::TrainingPart all = plkd::with_all_cells(part);

  REQUIRE(all.train.size() == 10);
  CHECK(all.held_out.size() == 0);
  CHECK(all.train.library == std::vector<double>{100, 101, 102, 103, 104, 105, 200, 201, 202, 203});
  CHECK(all.train.label == std::vector<std::int32_t>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0});
  CHECK(all.train_batch == std::vector<std::int32_t>{0, 0, 1, 1, 0, 0, 2, 2, 3, 2});
  // The scale belongs to genes and networks that were chosen without the held-out cells.
  CHECK(all.input_scale == 0.5);
  const torch::Tensor first = part.input(part.train), second = part.input(part.held_out);
  CHECK(torch::equal(all.input(all.train), torch::cat({first, second})));
}

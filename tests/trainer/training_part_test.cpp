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
  const auto store = std::make_shared<plkd::CellStore>(10, plkd::KeptIn::Memory, "");
  store->append(typed_cells(6, 1));
  store->append(typed_cells(4, 2));
  part.train = plkd::stored_cells(store, {0, 1, 2, 3, 4, 5});
  part.held_out = plkd::stored_cells(store, {6, 7, 8, 9});
  part.train_batch = {0, 0, 1, 1, 0, 0};
  part.held_out_batch = {2, 2, 3, 2};
  part.input_scale = {0.5F};
  const plkd::TrainingPart all = plkd::with_all_cells(part);

  REQUIRE(all.train.size() == 10);
  CHECK(all.held_out.size() == 0);
  CHECK(plkd::typical_cells(all.train).library ==
        std::vector<double>{100, 101, 102, 103, 104, 105, 200, 201, 202, 203});
  CHECK(all.train.label == std::vector<std::int32_t>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0});
  CHECK(all.train_batch == std::vector<std::int32_t>{0, 0, 1, 1, 0, 0, 2, 2, 3, 2});
  // The scale belongs to genes and networks that were chosen without the held-out cells.
  CHECK(all.input_scale == std::vector<float>{0.5F});
  const torch::Tensor first = part.input(plkd::typical_cells(part.train)),
                      second = part.input(plkd::typical_cells(part.held_out));
  CHECK(torch::equal(all.input(plkd::typical_cells(all.train)), torch::cat({first, second})));
}

#include "trainer/data/cell_store.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>

#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

namespace {

plkd::Cells cells_of(std::int64_t count, std::uint64_t seed) {
  plkd::Cells cells;
  cells.counts = typed_counts(count, 12, seed);
  cells.library = plkd::library_sizes(cells.counts);
  for (std::int64_t cell = 0; cell < count; ++cell) cells.label.push_back(static_cast<std::int32_t>(cell % 3));
  return cells;
}

}  // namespace

TEST_CASE("a store gives back the cells it was given, in memory and on disk", "[unit]") {
  const plkd::KeptIn kept_in = GENERATE(plkd::KeptIn::Memory, plkd::KeptIn::Disk);
  const plkd::Cells first = cells_of(5, 1), second = cells_of(4, 2);
  const auto store = std::make_shared<plkd::CellStore>(12, kept_in, ".");
  store->append(first);
  store->append(second);
  CHECK(store->entries() == first.counts.entries() + second.counts.entries());
  const plkd::Cells chosen = store->select({8, 0, 0, 4});
  const std::vector<std::vector<float>> of_first = dense_of(first.counts), of_second = dense_of(second.counts);
  CHECK(dense_of(chosen.counts) ==
        std::vector<std::vector<float>>{of_second[3], of_first[0], of_first[0], of_first[4]});
  CHECK(chosen.library == std::vector<double>{second.library[3], first.library[0], first.library[0], first.library[4]});
  CHECK(chosen.label == std::vector<std::int32_t>{0, 0, 0, 1});
}

TEST_CASE("a store on disk leaves no file to be seen, and says so where there can be none", "[unit]") {
  const std::string folder = "cell_store_test_folder";
  std::filesystem::create_directory(folder);
  {
    plkd::CellStore store(12, plkd::KeptIn::Disk, folder);
    store.append(cells_of(5, 1));
    CHECK(std::filesystem::is_empty(folder));
  }
  std::filesystem::remove(folder);
  CHECK(error_of([&] { plkd::CellStore(12, plkd::KeptIn::Disk, folder); })
            .rfind(folder + ": training cells cannot be kept here: No such file or directory", 0) == 0);
}

TEST_CASE("some of the stored cells, evenly spaced, and all of them slice by slice", "[unit]") {
  const plkd::StoredCells cells = stored(cells_of(10, 1));
  CHECK(plkd::evenly_spaced(cells, 4).label == std::vector<std::int32_t>{0, 2, 2, 1});  // cells 0, 2, 5, 7
  CHECK(plkd::evenly_spaced(cells, 10).label == cells.label);
  const plkd::StoredCells two = plkd::subset(cells, {7, 3});
  CHECK(two.label == std::vector<std::int32_t>{1, 0});
  CHECK(plkd::join(two, cells).cell == std::vector<std::int64_t>{7, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

  std::vector<std::int64_t> many(plkd::kTypicalCells + 3);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i % 10);
  const plkd::StoredCells repeated = plkd::subset(cells, many);
  std::vector<std::int64_t> sizes;
  std::vector<std::int32_t> label;
  plkd::for_each_slice(repeated, [&](const plkd::Cells& slice) {
    sizes.push_back(slice.size());
    label.insert(label.end(), slice.label.begin(), slice.label.end());
  });
  CHECK(sizes == std::vector<std::int64_t>{plkd::kTypicalCells, 3});
  CHECK(label == repeated.label);
}

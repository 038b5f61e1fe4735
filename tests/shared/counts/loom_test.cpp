#include "shared/counts/loom.h"

#include <catch2/catch.hpp>

#include <array>
#include <random>

#include "tests/support/files.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/hdf5_files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;
using hdf5::Group;

namespace {

using Rows = std::vector<std::vector<float>>;
using Names = std::vector<std::string>;

const Rows kCells = {{0, 3, 1}, {0, 0, 0}, {5, 0, 2}, {1, 0, 0}};  // [cells x genes]

Names numbered(const std::string& prefix, std::int64_t n) {
  Names names;
  for (std::int64_t i = 0; i < n; ++i) names.push_back(prefix + std::to_string(i));
  return names;
}

Group write_loom(const std::string& path, const CountMatrix& counts, std::array<hsize_t, 2> chunk) {
  Group root = hdf5::create_file(path);
  write_loom_matrix(root, "matrix", counts, chunk);
  write_texts(root.create_group("row_attrs"), "Gene", numbered("G", counts.genes));
  write_texts(root.create_group("col_attrs"), "CellID", numbered("cell", counts.cells()));
  root.create_group("layers");
  return root;
}

}  // namespace

TEST_CASE("open_loom reads counts, names and columns", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = write_loom(folder / "cells.loom", matrix_of(kCells), {2, 2});
    write_texts(root.group("row_attrs"), "Accession", {"ENSG00000167286", "ENSG00000105374", "ENSG00000156738"});
    write_texts(root.group("row_attrs"), "Chromosome", {"1", "1", "1"});
    write_texts(root.group("col_attrs"), "Class", {"T", "B", "T", "T"});
    root.group("col_attrs").create_list("Age", Group::ListType::Int32).append(std::vector<std::int32_t>{9, 10, 9, 9});
    root.group("col_attrs").write_rows("X_pca", std::vector<float>(8, 1), 2);
    write_loom_matrix(root.group("layers"), "spliced", matrix_of({{1, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 7, 0}}), {2, 2});
  }
  const auto reader = open_counts(folder / "cells.loom");
  CHECK(reader->format() == "loom, 'matrix'");
  CHECK(reader->genes().symbol == Names{"G0", "G1", "G2"});
  CHECK(reader->genes().id[2] == "ENSG00000156738");
  REQUIRE(reader->other_gene_names().size() == 1);
  CHECK(reader->other_gene_names()[0].column == "Accession");
  CHECK(reader->cell_names(1, 3) == Names{"cell1", "cell2"});
  CHECK(dense_of(reader->read(0, 4)) == kCells);
  CHECK(reader->column_names() == Names{"Age", "Class"});
  CHECK(reader->column("Age").categories == Names{"9", "10"});
  CHECK(reader->column("Class").code == std::vector<std::int32_t>{1, 0, 1, 1});
  CHECK_THAT(error_of([&] { reader->column("X_pca"); }), Contains("no column 'X_pca'"));

  const auto spliced = open_counts(folder / "cells.loom", {"layers/spliced"});
  CHECK(spliced->format() == "loom, 'layers/spliced'");
  CHECK(dense_of(spliced->read(3, 4)) == Rows{{0, 7, 0}});
  CHECK_THAT(error_of([&] { open_counts(folder / "cells.loom", {"X"}); }), Contains("no slot 'X'") && Contains("'matrix', 'layers/spliced'"));
}

TEST_CASE("any range of a loom file is as in the whole, whatever its chunks", "[unit]") {
  const TemporaryFolder folder;
  std::mt19937_64 rng(5);
  const CountMatrix counts = random_counts(rng, 150, 40, 0.2);
  const Rows rows = dense_of(counts);
  const auto chunk = GENERATE(as<std::array<hsize_t, 2>>{}, std::array<hsize_t, 2>{64, 64}, std::array<hsize_t, 2>{1, 150}, std::array<hsize_t, 2>{40, 1});
  write_loom(folder / "cells.loom", counts, {std::min<hsize_t>(chunk[0], 40), chunk[1]});
  const auto reader = open_counts(folder / "cells.loom");
  for (int k = 0; k < 40; ++k) {
    const auto first = static_cast<std::int64_t>(rng() % 151);
    const auto end = first + static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(151 - first));
    CHECK(dense_of(reader->read(first, end)) == Rows(rows.begin() + first, rows.begin() + end));
  }
}

TEST_CASE("cells of a loom file of many genes are read in several windows", "[unit]") {
  // 200 thousand genes fill a window with 83 cells, of which 80 are whole chunks.
  constexpr std::int64_t kGenes = 200'000;
  CountMatrix counts;
  counts.genes = kGenes;
  for (std::int32_t cell = 0; cell < 130; ++cell) {
    counts.gene.push_back(cell * 1500);
    counts.count.push_back(static_cast<float>(cell + 1));
    counts.row_begin.push_back(counts.entries());
  }
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "cells.loom");
    const std::array<hsize_t, 2> extent = {kGenes, 130}, chunk = {64, 16};
    const hdf5::Handle space(H5Screate_simple(2, extent.data(), nullptr), H5Sclose);
    const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(creation.id(), 2, chunk.data());
    H5Pset_deflate(creation.id(), 1);
    const hdf5::Handle dataset(
        H5Dcreate2(root.id(), "matrix", H5T_STD_U16LE, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Dclose);
    std::vector<std::uint16_t> values(kGenes * 130, 0);
    for (std::size_t cell = 0; cell < 130; ++cell) values[cell * 1500 * 130 + cell] = static_cast<std::uint16_t>(cell + 1);
    REQUIRE(H5Dwrite(dataset.id(), H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    write_texts(root.create_group("row_attrs"), "Gene", numbered("G", kGenes));
    write_texts(root.create_group("col_attrs"), "CellID", numbered("cell", 130));
  }
  const auto reader = open_counts(folder / "cells.loom");
  const CountMatrix all = reader->read(0, 130);
  CHECK(all.gene == counts.gene);
  CHECK(all.count == counts.count);
  CHECK(all.row_begin == counts.row_begin);
  CHECK(reader->read(60, 61).count == std::vector<float>{61});
}

TEST_CASE("a loom file that is damaged or scaled is refused", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = write_loom(folder / "scaled.loom", matrix_of({{0, -1}, {2, 0}}), {2, 2});
    write_loom_matrix(root.group("layers"), "counts", matrix_of({{0, 1}, {2, 0}}), {2, 2});
  }
  CHECK_THAT(error_of([&] { open_counts(folder / "scaled.loom")->read(0, 2); }),
             Contains("'matrix' holds a negative value (cell 1)") && Contains("'layers/counts'"));
  {
    const Group root = write_loom(folder / "short.loom", matrix_of(kCells), {2, 2});
    root.group("col_attrs").remove("CellID");
    write_texts(root.group("col_attrs"), "CellID", {"a", "b"});
  }
  CHECK_THAT(error_of([&] { open_counts(folder / "short.loom"); }), Contains("'matrix' is not of 3 genes x 2 cells"));
  write_loom(folder / "whole.loom", matrix_of(kCells), {2, 2});
  const std::string whole = read_file(folder / "whole.loom");
  for (std::size_t part = 1; part < 40; ++part) {
    write_file(folder / "cut.loom", whole.substr(0, whole.size() * part / 40));
    CHECK_THAT(error_of([&] { open_counts(folder / "cut.loom")->read(0, 4); }), Contains("cut.loom"));
  }
}

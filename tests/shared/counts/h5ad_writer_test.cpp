#include <catch2/catch.hpp>

#include <random>

#include "shared/counts/h5ad.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> names(const std::string& prefix, std::int64_t first, std::int64_t end) {
  std::vector<std::string> list;
  for (std::int64_t i = first; i < end; ++i) list.push_back(prefix + std::to_string(i));
  return list;
}

}  // namespace

TEST_CASE("H5adWriter writes in slices what open_h5ad reads back", "[property]") {
  const TemporaryFolder folder;
  std::mt19937_64 rng(1);
  for (int round = 0; round < 6; ++round) {
    const std::int64_t genes = static_cast<std::int64_t>(rng() % 50 + 1);
    H5adWriter writer(folder / "written.h5ad", numbered_genes(genes));
    CountMatrix all;
    all.genes = genes;
    std::vector<std::int32_t> code;
    for (int slice = 0; slice < 4; ++slice) {
      const CountMatrix part = random_counts(rng, static_cast<std::int64_t>(rng() % 30), genes, 0.3);
      writer.append(part, names("cell", all.cells(), all.cells() + part.cells()));
      append_cells(all, part);
    }
    for (std::int64_t cell = 0; cell < all.cells(); ++cell) code.push_back(static_cast<std::int32_t>(rng() % 3) - 1);
    writer.finish({{"label", {"T cell", "β cell"}, code}});

    const auto reader = open_h5ad(folder / "written.h5ad");
    CHECK(reader->format() == "h5ad (anndata 0.8 or newer), csr_matrix in 'X'");
    CHECK(reader->genes().symbol == numbered_genes(genes).symbol);
    CHECK(reader->cell_names(0, reader->cells()) == names("cell", 0, all.cells()));
    CHECK(reader->column_names() == std::vector<std::string>{"label"});
    CHECK(reader->column("label").categories == std::vector<std::string>{"T cell", "β cell"});
    CHECK(reader->column("label").code == code);
    const CountMatrix read = reader->read(0, reader->cells());
    CHECK(read.row_begin == all.row_begin);
    CHECK(read.gene == all.gene);
    CHECK(read.count == all.count);
  }
}

TEST_CASE("H5adWriter keeps symbols and ids", "[unit]") {
  const TemporaryFolder folder;
  const GeneVocabulary genes = {{"CD3D", "", "LYZ"}, {"ENSG00000167286", "ENSG00000105374", ""}};
  H5adWriter writer(folder / "genes.h5ad", genes);
  writer.append(matrix_of({{1, 2, 3}}), {"cell"});
  writer.finish({});
  const auto reader = open_h5ad(folder / "genes.h5ad");
  CHECK(reader->genes().symbol == genes.symbol);
  CHECK(reader->genes().id == genes.id);
  CHECK(reader->column_names().empty());
}

TEST_CASE("H5adWriter gives the same bytes for the same cells", "[unit]") {
  const TemporaryFolder folder;
  for (const char* file : {"a.h5ad", "b.h5ad"}) {
    H5adWriter writer(folder / file, numbered_genes(3));
    writer.append(matrix_of({{1, 0, 2}, {0, 3, 0}}), {"c1", "c2"});
    writer.finish({{"type", {"T", "B"}, {0, 1}}});
  }
  CHECK(read_file(folder / "a.h5ad") == read_file(folder / "b.h5ad"));
}

TEST_CASE("H5adWriter leaves no file behind that was not finished", "[unit]") {
  const TemporaryFolder folder;
  {
    H5adWriter writer(folder / "half.h5ad", numbered_genes(3));
    writer.append(matrix_of({{1, 0, 2}}), {"c1"});
  }
  CHECK_FALSE(std::filesystem::exists(folder / "half.h5ad"));
}

TEST_CASE("H5adWriter says where it cannot write", "[unit]") {
  const TemporaryFolder folder;
  CHECK_THAT(error_of([&] { H5adWriter(folder / "missing/x.h5ad", numbered_genes(1)); }),
             Contains("missing/x.h5ad") && Contains("check that its folder exists"));
}

#include "shared/counts/tenx_h5.h"

#include <catch2/catch.hpp>

#include "tests/support/files.h"
#include "tests/support/hdf5_files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;
using hdf5::Group;

namespace {

const std::vector<std::vector<float>> kCells = {{0, 3, 1, 0}, {0, 0, 0, 0}, {5, 0, 0, 2}};  // [cells x features]
const std::vector<std::string> kIds = {"ENSG00000167286", "ENSG00000153563", "ADT_CD8", "ENSG00000105369"};
const std::vector<std::string> kNames = {"CD3D", "CD8A", "CD8", "CD79A"};

// The matrix with barcodes made of `barcode` and a number.
Group write_matrix(const Group& root, const std::string& name, const CountMatrix& counts, const std::string& barcode = "AAAC") {
  std::vector<std::string> barcodes;
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) barcodes.push_back(barcode + std::to_string(cell) + "-1");
  return write_tenx_matrix(root, name, counts, barcodes);
}

void write_version_3(const std::string& path, const std::vector<std::string>& types) {
  const Group features = write_matrix(hdf5::create_file(path), "matrix", matrix_of(kCells)).create_group("features");
  write_texts(features, "id", kIds);
  write_texts(features, "name", kNames);
  write_texts(features, "feature_type", types);
}

void write_version_2(const std::string& path, const std::vector<std::string>& genomes) {
  const Group root = hdf5::create_file(path);
  for (const std::string& genome : genomes) {
    const Group group = write_matrix(root, genome, matrix_of(kCells));
    write_texts(group, "genes", kIds);
    write_texts(group, "gene_names", kNames);
  }
}

std::vector<std::string> with_prefix(const std::string& prefix, std::vector<std::string> names) {
  for (std::string& name : names) name = prefix + name;
  return names;
}

}  // namespace

TEST_CASE("a 10x HDF5 of version 3 gives its genes, its proteins beside them, and says what it leaves out", "[unit]") {
  const TemporaryFolder folder;
  write_version_3(folder / "filtered.h5", {"Gene Expression", "Gene Expression", "Antibody Capture", "Gene Expression"});
  const auto reader = open_counts(folder / "filtered.h5");
  CHECK(reader->format() == "10x HDF5 (Cell Ranger 3 or newer)");
  REQUIRE(reader->other_features().size() == 1);
  CHECK(reader->other_features()[0].names == std::vector<std::string>{"CD8"});
  write_version_3(folder / "guides.h5", {"Gene Expression", "Gene Expression", "CRISPR Guide Capture", "Gene Expression"});
  CHECK(open_counts(folder / "guides.h5")->format() == "10x HDF5 (Cell Ranger 3 or newer), without 1 of 'CRISPR Guide Capture'");
  CHECK(reader->genes().symbol == std::vector<std::string>{"CD3D", "CD8A", "CD79A"});
  CHECK(reader->genes().id[2] == "ENSG00000105369");
  CHECK(dense_of(reader->read(0, 3)) == std::vector<std::vector<float>>{{0, 3, 0}, {0, 0, 0}, {5, 0, 2}});
  CHECK(dense_of(reader->read(2, 3)) == std::vector<std::vector<float>>{{5, 0, 2}});
  CHECK(reader->cell_names(1, 3) == std::vector<std::string>{"AAAC1-1", "AAAC2-1"});
}

TEST_CASE("a 10x HDF5 of version 2 gives its genome, or all of them together, or the one asked for", "[unit]") {
  const TemporaryFolder folder;
  write_version_2(folder / "one.h5", {"GRCh38"});
  const auto reader = open_counts(folder / "one.h5");
  CHECK(reader->format() == "10x HDF5 (Cell Ranger 2), genome 'GRCh38'");
  CHECK(dense_of(reader->read(0, 3)) == kCells);

  write_version_2(folder / "two.h5", {"hg19", "mm10"});
  const auto both = open_counts(folder / "two.h5");
  CHECK(both->format() == "10x HDF5 (Cell Ranger 2), genomes 'hg19', 'mm10'");
  CHECK(both->genes().size() == 8);
  CHECK(dense_of(both->read(0, 3)) == std::vector<std::vector<float>>{{0, 3, 1, 0, 0, 3, 1, 0}, std::vector<float>(8, 0), {5, 0, 0, 2, 5, 0, 0, 2}});
  const auto mouse = open_counts(folder / "two.h5", {"mm10"});
  CHECK(mouse->format() == "10x HDF5 (Cell Ranger 2), genome 'mm10'");
  CHECK(dense_of(mouse->read(0, 3)) == kCells);
  CHECK_THAT(error_of([&] { open_counts(folder / "two.h5", {"rn6"}); }), Contains("no genome 'rn6'") && Contains("'hg19'"));
}

TEST_CASE("genomes of a 10x HDF5 of version 2 with different cells are not read together", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "two.h5");
    for (const char* genome : {"hg19", "mm10"}) {
      const Group group = write_matrix(root, genome, matrix_of(kCells), genome);
      write_texts(group, "genes", kIds);
      write_texts(group, "gene_names", kNames);
    }
  }
  CHECK_THAT(error_of([&] { open_counts(folder / "two.h5"); }), Contains("several genomes") && Contains("'hg19', 'mm10'"));
  CHECK(open_counts(folder / "two.h5", {"mm10"})->cell_names(0, 1) == std::vector<std::string>{"mm100-1"});
}

TEST_CASE("genomes of a 10x HDF5 of version 3 lose their prefixes, and the slot chooses one", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group features = write_matrix(hdf5::create_file(folder / "mix.h5"), "matrix", matrix_of(kCells)).create_group("features");
    write_texts(features, "id", {"GRCh38_ENSG00000167286", "ADT_CD8", "mm10___ENSMUSG00000053977", "GRCh38_ENSG00000105369"});
    write_texts(features, "name", {"GRCh38_CD3D", "CD8", "mm10___Cd8a", "GRCh38_CD79A"});
    write_texts(features, "feature_type", {"Gene Expression", "Antibody Capture", "Gene Expression", "Gene Expression"});
    write_texts(features, "genome", {"GRCh38", "", "mm10", "GRCh38"});
  }
  const auto reader = open_counts(folder / "mix.h5");
  CHECK(reader->format() == "10x HDF5 (Cell Ranger 3 or newer), genomes 'GRCh38', 'mm10'");
  CHECK(reader->genes().symbol == std::vector<std::string>{"CD3D", "Cd8a", "CD79A"});
  CHECK(reader->genes().id == std::vector<std::string>{"ENSG00000167286", "ENSMUSG00000053977", "ENSG00000105369"});
  CHECK(dense_of(reader->read(0, 3)) == std::vector<std::vector<float>>{{0, 1, 0}, {0, 0, 0}, {5, 0, 2}});
  const auto human = open_counts(folder / "mix.h5", {"GRCh38"});
  CHECK_THAT(human->format(), Contains("genome 'GRCh38'"));
  CHECK(human->genes().symbol == std::vector<std::string>{"CD3D", "CD79A"});
  CHECK(dense_of(human->read(0, 3)) == std::vector<std::vector<float>>{{0, 0}, {0, 0}, {5, 2}});
  CHECK_THAT(error_of([&] { open_counts(folder / "mix.h5", {"X"}); }), Contains("no genome 'X'") && Contains("'GRCh38', 'mm10'"));
}

TEST_CASE("a prefix that not all genes of a genome carry stays", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group group = write_matrix(hdf5::create_file(folder / "cells.h5"), "hg19", matrix_of(kCells));
    write_texts(group, "genes", with_prefix("hg19_", kIds));
    write_texts(group, "gene_names", {"hg19_A", "B", "C", "D"});
  }
  const auto reader = open_counts(folder / "cells.h5");
  CHECK(reader->genes().symbol.front() == "hg19_A");
  CHECK(reader->genes().id.front() == "ENSG00000167286");
}

TEST_CASE("a damaged 10x HDF5 is refused by name", "[unit]") {
  CHECK_THAT(error_of([] { open_counts(golden("h5ad/bad_tenx.h5")); }), Contains("bad_tenx.h5") && Contains("matrix"));
  const TemporaryFolder folder;
  write_version_3(folder / "few_types.h5", {"Gene Expression"});
  CHECK_THAT(error_of([&] { open_counts(folder / "few_types.h5"); }), Contains("few_types.h5") && Contains("not as many"));
  write_version_3(folder / "whole.h5", std::vector<std::string>(4, "Gene Expression"));
  CHECK_THAT(error_of([&] { open_counts(folder / "whole.h5", {"X"}); }), Contains("no genome 'X'"));
  const std::string whole = read_file(folder / "whole.h5");
  for (std::size_t part = 1; part < 40; ++part) {
    write_file(folder / "cut.h5", whole.substr(0, whole.size() * part / 40));
    CHECK_THAT(error_of([&] { open_counts(folder / "cut.h5")->read(0, 3); }), Contains("cut.h5"));
  }
}

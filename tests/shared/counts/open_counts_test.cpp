#include "shared/counts/open_counts.h"

#include <catch2/catch.hpp>

#include "tests/support/files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

std::string error_of_file(const std::string& content) {
  const TemporaryFolder folder;
  write_file(folder / "cells.h5ad", content);
  const std::string message = error_of([&] { open_counts(folder / "cells.h5ad"); });
  CHECK_THAT(message, Contains(folder / "cells.h5ad"));
  return message;
}

}  // namespace

TEST_CASE("open_counts goes by content, whatever the file is called", "[unit]") {
  const TemporaryFolder folder;
  std::filesystem::copy_file(golden("h5ad/csr.h5ad"), folder / "counts.txt");
  CHECK_THAT(open_counts(folder / "counts.txt")->format(), Contains("h5ad"));

  write_gzip(folder / "counts.bin", "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 3\n");
  write_file(folder / "features.tsv", "ENSG00000167286\tCD3D\n");
  write_file(folder / "barcodes.tsv", "A\n");
  const auto reader = open_counts(folder / "counts.bin");
  CHECK_THAT(reader->format(), Contains("MatrixMarket"));
  CHECK(dense_of(reader->read(0, 1)) == std::vector<std::vector<float>>{{3}});
  std::filesystem::rename(folder / "counts.bin", folder / "matrix.mtx.gz");
  CHECK_THAT(open_counts(folder.path())->format(), Contains("MatrixMarket"));
}

TEST_CASE("open_counts takes a barcodes or features file for the matrix beside it", "[unit]") {
  const TemporaryFolder folder;
  write_gzip(folder / "GSM1_matrix.mtx.gz", "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 3\n");
  write_file(folder / "GSM1_features.tsv", "ENSG00000167286\tCD3D\n");
  write_file(folder / "GSM1_barcodes.tsv", "A\n");
  write_file(folder / "GSM2_barcodes.tsv", "AAAC-1\n");
  for (const char* name : {"GSM1_features.tsv", "GSM1_barcodes.tsv"}) CHECK(open_counts(folder / name)->cells() == 1);
  CHECK_THAT(error_of([&] { open_counts(folder / "GSM2_barcodes.tsv"); }), Contains("neither HDF5, MatrixMarket nor a table"));
}

TEST_CASE("open_counts finds HDF5 behind a user block", "[unit]") {
  const TemporaryFolder folder;
  // The superblock's addresses are relative to where it stands, so 512 bytes in front make a valid user block.
  write_file(folder / "block.h5ad", std::string(512, 'u') + read_file(golden("h5ad/csr.h5ad")));
  CHECK(open_counts(folder / "block.h5ad")->cells() == 6);
}

TEST_CASE("open_counts passes the slot on, and refuses one where there are none", "[unit]") {
  CHECK_THAT(open_counts(golden("h5ad/layers.h5ad"), {"X"})->format(), Contains("'X'"));
  const TemporaryFolder folder;
  CHECK_THAT(error_of([&] { open_counts(folder.path(), {"X"}); }), Contains("only HDF5 files have slots"));
}

TEST_CASE("open_counts says what a file is that it cannot read, and what to do", "[unit]") {
  CHECK_THAT(error_of_file(std::string("\x89PNG\r\n\x1a\n\0", 9)), Contains("neither HDF5, MatrixMarket nor a table") && Contains(".h5ad"));
  CHECK_THAT(error_of_file("notes\n"), Contains("h5ad:1: neither HDF5, MatrixMarket nor a table"));
  CHECK_THAT(error_of_file(std::string("\xFF\xFEg\0e\0", 6)), Contains("UTF-16") && Contains("UTF-8"));
  CHECK_THAT(error_of_file(""), Contains("the file is empty"));
  CHECK_THAT(error_of_file("PK\x03\x04 zip"), Contains("the zip archive is damaged or cut short"));
  CHECK_THAT(error_of_file("\x1f\x8b\x08 broken"), Contains("the gzip file is damaged or cut short"));
  const TemporaryFolder folder;
  CHECK_THAT(error_of([&] { open_counts(folder / "none.h5ad"); }), Contains("no such file") && Contains("check the path"));
  write_gzip(folder / "packed.h5ad.gz", read_file(golden("h5ad/csr.h5ad")));
  CHECK_THAT(error_of([&] { open_counts(folder / "packed.h5ad.gz"); }), Contains("unpack it"));
  write_file(folder / ".zattrs", "{}");
  CHECK_THAT(error_of([&] { open_counts(folder.path()); }), Contains("zarr"));
}

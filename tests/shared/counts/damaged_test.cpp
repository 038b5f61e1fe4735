// Files that are cut short, damaged, absurd or odd: each is refused by name, or read right.
#include <catch2/catch.hpp>

#include <limits>
#include <random>

#include "shared/counts/open_counts.h"
#include "shared/counts/utf8.h"
#include "tests/support/archives.h"
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

const Rows kRows = {{4, 0, 2}, {0, 0, 0}, {7, 0, 1}};
const std::string kBanner = "%%MatrixMarket matrix coordinate integer general\n";
const std::string kMatrix = kBanner + "3 3 4\n1 1 4\n3 1 2\n1 3 7\n3 3 1\n";
const std::string kFeatures = "ENSG00000167286\tCD3D\nENSG00000105374\tNKG7\nENSG00000105369\tCD79A\n";
const std::string kBarcodes = "AAAC-1\nAAAG-1\nAAAT-1\n";

// The file is refused as bad input by its name, or has the right values.
enum class Outcome { Refused, Right };
Outcome outcome_of(const std::string& path, const Rows& rows = kRows) {
  try {
    const auto reader = open_counts(path);
    const Rows read = dense_of(reader->read(0, reader->cells()));
    const std::size_t names = reader->cell_names(0, reader->cells()).size();
    REQUIRE(read == rows);
    REQUIRE(names == rows.size());
    return Outcome::Right;
  } catch (const Error& error) {
    CAPTURE(error.what());
    REQUIRE(error.kind() == ErrorKind::BadInput);
    REQUIRE_THAT(error.message(), Contains(std::filesystem::path(path).filename().string()));
    REQUIRE_FALSE(error.hint().empty());
    return Outcome::Refused;
  }
}

// What is said of a folder of three files.
std::string refusal(const std::string& matrix, const std::string& features = kFeatures, const std::string& barcodes = kBarcodes) {
  const TemporaryFolder folder;
  write_file(folder / "matrix.mtx", matrix);
  write_file(folder / "features.tsv", features);
  write_file(folder / "barcodes.tsv", barcodes);
  return error_of([&] { open_counts(folder.path()); });
}

Members tenx_members(const std::string& matrix = kMatrix) {
  return {{"barcodes.tsv", kBarcodes}, {"features.tsv", kFeatures}, {"matrix.mtx", matrix}};
}

// Cuts the file at every `step` bytes; returns how many of the pieces were still right.
int right_when_cut(const std::string& path, std::size_t step) {
  const std::string whole = read_file(path);
  REQUIRE(outcome_of(path) == Outcome::Right);
  int right = 0;
  for (std::size_t length = 0; length < whole.size(); length += step) {
    CAPTURE(length);
    write_file(path, whole.substr(0, length));
    right += outcome_of(path) == Outcome::Right;
  }
  return right;
}

void write_tenx_h5(const std::string& path) {
  const Group features = write_tenx_matrix(hdf5::create_file(path), "matrix", matrix_of(kRows), {"A", "B", "C"}).create_group("features");
  for (const char* list : {"id", "name"}) write_texts(features, list, {"G0", "G1", "G2"});
  write_texts(features, "feature_type", std::vector<std::string>(3, "Gene Expression"));
}

// An h5ad of three cells and three genes whose lists are as given.
Outcome outcome_of_h5ad(const CountMatrix& counts) {
  const TemporaryFolder folder;
  write_h5ad(folder / "cells.h5ad", counts, Encoding::Csr);
  return outcome_of(folder / "cells.h5ad");
}

}  // namespace

TEST_CASE("a file cut short at any place is refused by name or still right", "[unit]") {
  const TemporaryFolder folder;
  write_file(folder / "features.tsv", kFeatures);
  write_file(folder / "barcodes.tsv", kBarcodes);
  write_file(folder / "matrix.mtx", kMatrix);
  CHECK(right_when_cut(folder / "matrix.mtx", 1) == 1);  // without its last line end
  write_gzip(folder / "matrix.mtx.gz", kMatrix);
  CHECK(right_when_cut(folder / "matrix.mtx.gz", 1) == 0);
  write_file(folder / "cells.zip", zip_of(tenx_members()));
  CHECK(right_when_cut(folder / "cells.zip", 1) == 0);
  write_file(folder / "wide.zip", zip_of(tenx_members(), {.is_zip64 = true}));
  CHECK(right_when_cut(folder / "wide.zip", 1) == 0);
  write_file(folder / "cells.tar", tar_of(tenx_members()));
  CHECK(right_when_cut(folder / "cells.tar", 7) > 0);  // without the zeros at its end
  write_gzip(folder / "cells.tar.gz", tar_of(tenx_members()));
  CHECK(right_when_cut(folder / "cells.tar.gz", 1) == 0);
}

TEST_CASE("an HDF5 file cut short at any place is refused by name", "[unit]") {
  const TemporaryFolder folder;
  write_h5ad(folder / "csr.h5ad", matrix_of(kRows), Encoding::Csr);
  CHECK(right_when_cut(folder / "csr.h5ad", 397) == 0);
  write_h5ad(folder / "dense.h5ad", matrix_of(kRows), Encoding::Dense);
  CHECK(right_when_cut(folder / "dense.h5ad", 397) == 0);
  write_tenx_h5(folder / "cells.h5");
  CHECK(right_when_cut(folder / "cells.h5", 397) == 0);
}

TEST_CASE("any changed byte of a packed archive is noticed or harmless", "[unit]") {
  const TemporaryFolder folder;
  write_gzip(folder / "cells.tar.gz", tar_of(tenx_members()));
  write_file(folder / "cells.zip", zip_of(tenx_members()));
  for (const char* name : {"cells.tar.gz", "cells.zip"}) {
    const std::string path = folder / name;
    const std::string archive = read_file(path);
    for (std::size_t at = 0; at < archive.size(); ++at) {
      std::string changed = archive;
      changed[at] = static_cast<char>(changed[at] ^ (at % 2 == 0 ? 0x01 : 0x80));
      CAPTURE(name, at);
      write_file(path, changed);
      outcome_of(path);
    }
  }
}

TEST_CASE("a matrix with impossible lines is refused with the line", "[unit]") {
  const auto with = [](const std::string& line) { return refusal(kBanner + "3 3 1\n" + line + "\n"); };
  CHECK_THAT(with("1 1 -4"), Contains("matrix.mtx:3: a negative value"));
  CHECK_THAT(with("1 1 nan"), Contains("matrix.mtx:3: a count that is not a number"));
  CHECK_THAT(with("1 1 inf"), Contains("matrix.mtx:3: a count that is not a number"));
  CHECK_THAT(with("1 1 1e300"), Contains("matrix.mtx:3: a count that is not a number"));
  CHECK_THAT(with("1.5 1 1"), Contains("matrix.mtx:3: '1.5 1 1' is not 'gene cell count'"));
  CHECK_THAT(with("-1 1 1"), Contains("matrix.mtx:3: '-1 1 1' is not"));
  CHECK_THAT(with("1 1 1 1"), Contains("matrix.mtx:3: '1 1 1 1' is not"));
  CHECK_THAT(with("1 1 1x"), Contains("matrix.mtx:3: '1 1 1x' is not"));
  CHECK_THAT(with("1,1,1"), Contains("matrix.mtx:3: '1,1,1' is not"));
  CHECK_THAT(with("4294967297 1 1"), Contains("matrix.mtx:3: gene index 4294967297 is outside"));
  CHECK_THAT(with("99999999999999999999 1 1"), Contains("matrix.mtx:3:"));
  CHECK_THAT(with(std::string("1 1\0 1", 6)), Contains("matrix.mtx:3:"));
}

TEST_CASE("a matrix that claims what it does not hold is refused and takes no memory", "[unit]") {
  const auto claiming = [](const std::string& sizes) { return refusal(kBanner + sizes + "\n1 1 1\n"); };
  CHECK_THAT(claiming("3 3 2147483648"), Contains("matrix.mtx") && Contains("ends after 1 of 2147483648 entries"));
  CHECK_THAT(claiming("3 3 9223372036854775808"), Contains("matrix.mtx:2: no sizes"));
  CHECK_THAT(claiming("3 3 100000000000000000"), Contains("ends after 1 of 100000000000000000"));
  CHECK_THAT(claiming("2147483648 3 1"), Contains("matrix.mtx:2: claims 2147483648 genes"));
  CHECK_THAT(claiming("3 2147483648 1"), Contains("matrix.mtx:2: claims 3 genes x 2147483648 cells"));
  CHECK_THAT(claiming("2147483647 2147483647 1"), Contains("features.tsv has 3 lines and"));
  CHECK_THAT(claiming("-3 3 1"), Contains("no sizes"));
  CHECK_THAT(claiming("3 3 0"), Contains("goes on after the 0 entries of its header"));
  CHECK_THAT(claiming("2 3 1"), Contains("the matrix is 2 x 3 but") && Contains("one run"));
}

TEST_CASE("a matrix of another kind is refused by it", "[unit]") {
  for (const char* kind : {"matrix coordinate pattern general", "matrix coordinate integer symmetric", "matrix coordinate complex general",
                           "matrix array real general", "vector coordinate real general"})
    CHECK_THAT(refusal(std::string("%%MatrixMarket ") + kind + "\n3 3 0\n"), Contains("matrix.mtx:1:") && Contains(kind));
  CHECK_THAT(refusal(""), Contains("matrix.mtx"));
  CHECK_THAT(refusal(std::string(1000, '\0')), Contains("matrix.mtx"));
  CHECK_THAT(refusal("\xff\xfe%\0%\0"), Contains("matrix.mtx"));
}

TEST_CASE("names that are not UTF-8 are refused with the line", "[unit]") {
  CHECK_THAT(refusal(kMatrix, kFeatures, "A\nB\nZ\xfcrich\n"), Contains("barcodes.tsv:3: a name that is not UTF-8"));
  CHECK_THAT(refusal(kMatrix, "G1\nG\xe9ne\nG3\n"), Contains("features.tsv:2: a name that is not UTF-8"));
  for (const char* text : {"", "plain", "Z\u00fcrich", "\u03b2-catenin", "\U0001f9ec", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) CHECK(is_utf8(text));
  for (const char* text : {"\xfc", "\xc3", "\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "a\xe2\x82"})
    CHECK_FALSE(is_utf8(text));
}

TEST_CASE("the byte order mark of Excel is no part of a name", "[unit]") {
  const TemporaryFolder folder;
  write_file(folder / "matrix.mtx", kMatrix);
  write_file(folder / "features.tsv", "\xef\xbb\xbf" + kFeatures);
  write_file(folder / "barcodes.tsv", "\xef\xbb\xbf" + kBarcodes);
  const auto reader = open_counts(folder.path());
  CHECK(reader->genes().id.front() == "ENSG00000167286");
  CHECK(reader->cell_names(0, 1).front() == "AAAC-1");
}

TEST_CASE("one cell, no genes and no cells are read as they are", "[unit]") {
  const auto rows_of = [](const std::string& sizes, const std::string& features, const std::string& barcodes) {
    const TemporaryFolder folder;
    write_file(folder / "cells.zip", zip_of({{"matrix.mtx", kBanner + sizes}, {"features.tsv", features}, {"barcodes.tsv", barcodes}}));
    const auto reader = open_counts(folder / "cells.zip");
    return dense_of(reader->read(0, reader->cells()));
  };
  CHECK(rows_of("1 1 1\n1 1 3\n", "G\n", "A\n") == Rows{{3}});
  CHECK(rows_of("0 2 0\n", "", "A\nB\n") == Rows(2));
  CHECK(rows_of("1 0 0\n", "G\n", "") == Rows{});
}

TEST_CASE("a small archive of endless text is refused before it fills the memory", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "bomb.zip";
  constexpr std::size_t kMany = 40'000'000;
  write_file(path, zip_of(tenx_members(kBanner + std::string(kMany, '\0'))));
  CHECK(outcome_of(path) == Outcome::Refused);
  Members many_names = tenx_members();
  many_names[0].second.resize(kMany, '\n');
  for (std::size_t i = kBarcodes.size(); i < kMany; i += 2) many_names[0].second[i] = 'A';
  write_file(path, zip_of(many_names));
  CHECK_THAT(error_of([&] { open_counts(path); }), Contains("matrix.mtx") && Contains("barcodes.tsv has"));
  std::string huge = zip_of(tenx_members(), {.is_zip64 = true});
  // What the directory says of the first file: its size is claimed to be 2^62 bytes.
  huge[huge.find(little_endian(1, 2) + little_endian(24, 2)) + 4 + 7] = '\x40';
  write_file(path, huge);
  CHECK_THAT(error_of([&] { open_counts(path); }), Contains("bomb.zip/barcodes.tsv: the zip archive is damaged"));
}

TEST_CASE("an h5ad with impossible values is refused by name", "[unit]") {
  CountMatrix counts = matrix_of(kRows);
  CHECK(outcome_of_h5ad(counts) == Outcome::Right);
  const auto changed = [&](const auto& change) {
    CountMatrix other = counts;
    change(other);
    return outcome_of_h5ad(other);
  };
  CHECK(changed([](CountMatrix& m) { m.count[0] = -1; }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.count[0] = std::numeric_limits<float>::quiet_NaN(); }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.count[0] = std::numeric_limits<float>::infinity(); }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.gene[0] = 3; }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.gene[0] = -1; }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.gene.pop_back(); }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.row_begin[1] = 4; m.row_begin[2] = 2; }) == Outcome::Refused);
  CHECK(changed([](CountMatrix& m) { m.row_begin.back() = std::int64_t{1} << 62; }) == Outcome::Refused);
}

TEST_CASE("an h5ad whose index columns have odd names is read right", "[unit]") {
  for (const char* name : {"index", "cell id", "Z\u00fcrich", "0", "_index"}) {
    const TemporaryFolder folder;
    const std::string path = folder / "cells.h5ad";
    {
      const Group root = hdf5::create_file(path);
      for (const char* table : {"obs", "var"}) {
        const Group group = root.create_group(table);
        group.write_attribute("_index", std::string(name));
        group.create_list(name, Group::ListType::Text).append({"a", "b", "c"});
      }
      write_sparse(root, "csr_matrix", matrix_of(kRows), {3, 3});
    }
    CAPTURE(name);
    CHECK(outcome_of(path) == Outcome::Right);
    CHECK(open_counts(path)->cell_names(1, 2) == std::vector<std::string>{"b"});
  }
}

TEST_CASE("a file with nothing or anything in it is refused by name", "[unit]") {
  const TemporaryFolder folder;
  std::mt19937_64 rng(7);
  std::string noise;
  for (int i = 0; i < 5000; ++i) noise += static_cast<char>(rng());
  const std::string starts[] = {"", "PK\3\4", "PK\5\6", "\x1f\x8b\x08", "\x89HDF\r\n\x1a\n", "%%MatrixMarket"};
  for (const std::string& start : starts) {
    for (const std::string& rest : {std::string(), noise, std::string(5000, '\0')}) {
      write_file(folder / "cells.bin", start + rest);
      CHECK(outcome_of(folder / "cells.bin") == Outcome::Refused);
    }
  }
  write_gzip(folder / "nothing.gz", "");
  CHECK(outcome_of(folder / "nothing.gz") == Outcome::Refused);
}

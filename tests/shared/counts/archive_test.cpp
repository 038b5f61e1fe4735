#include "shared/counts/archive.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <random>

#include "shared/counts/open_counts.h"
#include "shared/counts/text_lines.h"
#include "tests/support/archives.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/reopened.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

using Rows = std::vector<std::vector<float>>;

constexpr std::int64_t kCells = 700;
constexpr std::int64_t kGenes = 9;

std::string gzip_of(const std::string& text) {
  const TemporaryFolder folder;
  write_gzip(folder / "text.gz", text);
  return read_file(folder / "text.gz");
}

struct Tenx {
  CountMatrix counts;
  Members files;
};

// The files of 10x under `prefix`, which may be a folder.
Tenx tenx_files(const std::string& prefix, const std::string& packing = "") {
  std::mt19937_64 rng(1);
  Tenx tenx{random_counts(rng, kCells, kGenes, 0.2), {}};
  const Rows rows = dense_of(tenx.counts);
  std::string matrix = "%%MatrixMarket matrix coordinate integer general\n9 700 " + std::to_string(tenx.counts.entries()) + "\n";
  std::string barcodes, features;
  for (std::size_t cell = 0; cell < rows.size(); ++cell) {
    barcodes += "cell" + std::to_string(cell) + "\n";
    for (std::size_t gene = 0; gene < rows[cell].size(); ++gene)
      if (rows[cell][gene] != 0)
        matrix += std::to_string(gene + 1) + " " + std::to_string(cell + 1) + " " + std::to_string(static_cast<int>(rows[cell][gene])) + "\n";
  }
  for (std::int64_t gene = 0; gene < kGenes; ++gene) features += "G" + std::to_string(gene) + "\tG" + std::to_string(gene) + "\n";
  const auto packed = [&](const std::string& text) { return packing.empty() ? text : gzip_of(text); };
  tenx.files = {{prefix + "barcodes.tsv" + packing, packed(barcodes)},
                {prefix + "features.tsv" + packing, packed(features)},
                {prefix + "matrix.mtx" + packing, packed(matrix)}};
  return tenx;
}

void check_reads(const std::string& path, const CountMatrix& counts) {
  CAPTURE(path);
  const auto reader = open_counts(path);
  const Rows rows = dense_of(counts);
  CHECK(dense_of(reader->read(0, kCells)) == rows);
  CHECK(dense_of(reader->read(300, 310)) == Rows(rows.begin() + 300, rows.begin() + 310));  // back again
  CHECK(reader->cell_names(699, 700) == std::vector<std::string>{"cell699"});
  CHECK(reader->genes().symbol.back() == "G8");
  CHECK(dense_of(reopened(*reader)->read(400, 410)) == Rows(rows.begin() + 400, rows.begin() + 410));
}

std::string text_of(const std::string& path) {
  TextLines lines(path);
  std::string text;
  while (const auto line = lines.next()) text += std::string(*line) + "\n";
  return text;
}

}  // namespace

TEST_CASE("10x MatrixMarket is read from zip, tar and tar.gz, in any folder, with prefixes, gzip or not", "[unit]") {
  const std::string packing = GENERATE("", ".gz");
  const std::string prefix = GENERATE("", "filtered_feature_bc_matrix/", "./a/b/GSM5354513_");
  const TemporaryFolder folder;
  const Tenx tenx = tenx_files(prefix, packing);
  write_file(folder / "cells.zip", zip_of(tenx.files));
  write_file(folder / "stored.zip", zip_of(tenx.files, {.method = 0}));
  write_file(folder / "wide.zip", zip_of(tenx.files, {.is_zip64 = true}));
  write_file(folder / "GSE1_RAW.tar", tar_of(tenx.files));
  write_gzip(folder / "cells.tar.gz", tar_of(tenx.files));
  for (const char* name : {"cells.zip", "stored.zip", "wide.zip", "GSE1_RAW.tar", "cells.tar.gz"}) check_reads(folder / name, tenx.counts);
}

TEST_CASE("of several matrices in an archive one is chosen by its path", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "GSE1_RAW.tar";
  const Tenx tenx = tenx_files("GSM1_"), other = tenx_files("raw/GSM2_", ".gz");
  Members members = tenx.files;
  members.insert(members.end(), other.files.begin(), other.files.end());
  write_file(path, tar_of(members));
  CHECK_THAT(error_of([&] { open_counts(path); }),
             Contains("holds 2 matrices: '" + path + "/GSM1_matrix.mtx', '" + path + "/raw/GSM2_matrix.mtx.gz'") && Contains("give one of them"));
  check_reads(path + "/GSM1_matrix.mtx", tenx.counts);
  check_reads(path + "/raw/GSM2_matrix.mtx.gz", tenx.counts);
  check_reads(path + "/raw", tenx.counts);
  check_reads(path + "/GSM1_barcodes.tsv", tenx.counts);
  CHECK_THAT(error_of([&] { open_counts(path + "/GSM3_matrix.mtx"); }), Contains("holds no matrix.mtx"));
  CHECK_THAT(error_of([&] { TextLines lines(path + "/GSM3.txt"); }), Contains("GSE1_RAW.tar: the archive holds no 'GSM3.txt'"));
}

TEST_CASE("what macOS adds to archives is no matrix", "[unit]") {
  const TemporaryFolder folder;
  const Tenx tenx = tenx_files("cells/");
  Members members = tenx.files;
  members.insert(members.begin(), {{"__MACOSX/cells/matrix.mtx", "x"}, {"cells/._matrix.mtx", "x"}, {"cells/", ""}});
  write_file(folder / "cells.zip", zip_of(members));
  check_reads(folder / "cells.zip", tenx.counts);
}

TEST_CASE("tar names are read in each of the ways to write long ones", "[unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "long.tar", name = std::string(150, 'd') + "/counts.txt";
  const std::string cut = name.substr(0, 100), text = "hello\nworld\n", gnu("ustar  \0", 8);
  std::string prefixed = tar_entry("counts.txt", '0', text);
  prefixed.replace(345, 150, std::string(150, 'd'));
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(prefixed[i]);
  std::snprintf(prefixed.data() + 148, 7, "%06o", sum);
  const std::string before = tar_entry("first", '0', "x") + tar_entry("folder/", '5', "");
  for (const std::string& entry : {tar_entry("././@LongLink", 'L', name + '\0', gnu) + tar_entry(cut, '0', text, gnu),
                                   tar_entry("PaxHeaders/x", 'x', pax_record("mtime", "1.5") + pax_record("path", name)) + tar_entry(cut, '0', text),
                                   prefixed}) {
    write_file(path, before + entry + tar_entry("last", '0', "y") + std::string(1024, '\0'));
    CHECK(files_in(path) == std::vector<std::string>{path + "/first", path + "/" + name, path + "/last"});
    CHECK(text_of(path + "/" + name) == text);
  }
}

TEST_CASE("a zip that cannot be read says why", "[unit]") {
  const TemporaryFolder folder;
  const Members files = tenx_files("").files;
  const auto error_of_zip = [&](const ZipOptions& options) {
    write_file(folder / "cells.zip", zip_of(files, options));
    return error_of([&] { open_counts(folder / "cells.zip"); });
  };
  CHECK_THAT(error_of_zip({.flags = 1}), Contains("cells.zip/matrix.mtx: the file is encrypted") && Contains("unpack"));
  CHECK_THAT(error_of_zip({.method = 9}), Contains("packed with Deflate64") && Contains("unpack"));
  CHECK_THAT(error_of_zip({.method = 14}), Contains("packed with LZMA"));
}

TEST_CASE("a changed byte in a zip is noticed", "[unit]") {
  const TemporaryFolder folder;
  std::string zip = zip_of(tenx_files("").files, {.method = 0});
  zip[zip.find("\n1 ", zip.find("%%MatrixMarket")) + 1] = '2';  // another gene, as good as the right one
  write_file(folder / "cells.zip", zip);
  CHECK_THAT(error_of([&] { open_counts(folder / "cells.zip"); }), Contains("matrix.mtx: the zip archive is damaged"));
}

TEST_CASE("a table alone in an archive is read", "[unit]") {
  const TemporaryFolder folder;
  const std::string table = ",CD3E,CD19,NKG7\nAAACCTGAGAAACCAT-1,1,0,2\nAAACCTGAGAAACCGC-1,0,3,0\n";
  write_file(folder / "cells.zip", zip_of({{"counts/cells.csv", table}}));
  write_file(folder / "cells.tar", tar_of({{"cells.csv", table}}));
  for (const char* name : {"cells.zip", "cells.tar"}) {
    INFO(name);
    const auto reader = open_counts(folder / name);
    CHECK(reader->cells() == 2);
    CHECK(reader->read(0, 2).count == std::vector<float>{1, 2, 3});
  }
}

TEST_CASE("archives without a 10x matrix are refused with what to do", "[unit]") {
  const TemporaryFolder folder;
  const std::string h5ad = read_file(golden("h5ad/csr.h5ad"));
  // Behind one header the file lies as if behind a user block of HDF5, and must not be taken for one.
  write_file(folder / "h5.tar", tar_of({{"GSM1.h5ad", h5ad}, {"GSM2.h5ad", h5ad}}));
  CHECK_THAT(error_of([&] { open_counts(folder / "h5.tar"); }), Contains("but 'GSM1.h5ad'") && Contains("unpack the archive"));
  CHECK_THAT(error_of([&] { open_counts(folder / "h5.tar/GSM1.h5ad"); }), Contains("an HDF5 file") && Contains("unpack"));
  write_file(folder / "nested.zip", zip_of({{"a.tar.gz", tar_of({{"b", "x"}})}}));
  CHECK_THAT(error_of([&] { open_counts(folder / "nested.zip"); }), Contains("but 'a.tar.gz'") && Contains("unpack the archive"));
  write_file(folder / "empty.zip", zip_of({}));
  CHECK_THAT(error_of([&] { open_counts(folder / "empty.zip"); }), Contains("holds no matrix.mtx"));
  CHECK_THAT(error_of([&] { open_counts(folder / "empty.zip", {"X"}); }), Contains("only HDF5 files have slots"));
}

TEST_CASE("TextLines comes back to a place in packed text", "[unit]") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + "\n";
  const TemporaryFolder folder;
  const std::string packed = gzip_of(text.substr(0, 500000)) + gzip_of(text.substr(500000)) + "padding";
  write_file(folder / "lines.gz", packed);
  write_gzip(folder / "lines.tar.gz", tar_of({{"a", text}, {"lines.gz", packed}}));
  write_file(folder / "lines.zip", zip_of({{"lines.txt", text}}));
  for (const char* name : {"lines.gz", "lines.tar.gz/lines.gz", "lines.zip/lines.txt"}) {
    CAPTURE(name);
    TextLines lines(folder / name);
    TextLines::Place place;
    std::int64_t n = 0;
    for (; const auto line = lines.next(); ++n) {
      if (n == 1234) place = lines.place();
    }
    CHECK(n == 200000);
    lines.seek(place);
    CHECK(lines.next() == "1235");
    CHECK(lines.number() == 1236);
  }
}

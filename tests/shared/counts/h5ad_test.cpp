#include "shared/counts/h5ad.h"

#include <catch2/catch.hpp>

#include <random>

#include "shared/counts/h5ad_matrix.h"
#include "tests/support/files.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

using Rows = std::vector<std::vector<float>>;
using Names = std::vector<std::string>;

// COUNTS, SYMBOLS and IDS of tests/golden/h5ad/make_fixtures.py.
const Rows kCounts = {{1, 0, 2, 0, 0}, {0, 0, 0, 0, 3}, {0, 4, 0, 0, 0},
                      {0, 0, 0, 0, 0}, {5, 6, 7, 8, 9}, {0, 0, 0, 10, 300}};
const Names kCells = {"cell0", "cell1", "cell2", "cell3", "cell4", "cell5"};
const Names kSymbols = {"CD3D", "NKG7", "MS4A1", "LYZ", "PPBP"};
const Names kIds = {"ENSG00000167286", "ENSG00000105374", "ENSG00000156738", "ENSG00000090382", "ENSG00000163736"};

std::unique_ptr<CountsReader> open_golden(const std::string& name) { return open_h5ad(golden("h5ad/" + name)); }

Rows read_all(CountsReader& reader) { return dense_of(reader.read(0, reader.cells())); }

// Labels of the cells, "-" where missing.
Names labels_of(const CellColumn& column) {
  Names labels;
  for (const std::int32_t code : column.code)
    labels.push_back(code < 0 ? "-" : column.categories[static_cast<std::size_t>(code)]);
  return labels;
}

std::string error_of_golden(const std::string& name) {
  const std::string path = golden("h5ad/" + name);
  const std::string message = error_of([&] {
    const auto reader = open_h5ad(path);
    reader->read(0, reader->cells());
  });
  CHECK_THAT(message, Contains(path));
  CHECK(message.find('\n') == std::string::npos);
  return message;
}

}  // namespace

TEST_CASE("open_h5ad reads the same counts from every encoding", "[golden]") {
  const auto [file, format] = GENERATE(table<std::string, std::string>({
      {"csr.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'X'"},
      {"gzip.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'X'"},
      {"csc.h5ad", "h5ad (anndata 0.8 or newer), csc_matrix in 'X'"},
      {"dense.h5ad", "h5ad (anndata 0.8 or newer), dense array in 'X'"},
      {"ensembl.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'X'"},
      {"raw.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'raw.X'"},
      {"layers.h5ad", "h5ad (anndata 0.8 or newer), csc_matrix in 'layers/counts'"},
      {"anndata_0_7.h5ad", "h5ad (anndata 0.7), csr_matrix in 'X'"},
      {"h5sparse.h5ad", "h5ad (anndata 0.7), csr_matrix in 'X'"},
      {"nullable.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'X'"},
      {"unsorted.h5ad", "h5ad (anndata 0.8 or newer), csr_matrix in 'X'"},
  }));
  CAPTURE(file);
  const auto reader = open_golden(file);
  CHECK(reader->format() == format);
  CHECK(reader->cells() == 6);
  CHECK(reader->genes().symbol == kSymbols);
  CHECK(reader->cell_names(0, 6) == kCells);
  CHECK(read_all(*reader) == kCounts);
}

TEST_CASE("open_h5ad undoes LZF, h5py's own compression", "[golden]") {
  const auto reader = open_golden("lzf.h5ad");
  REQUIRE(reader->cells() == 400);
  CHECK(read_all(*reader) == Rows(400, kCounts[0]));
  CHECK(reader->cell_names(399, 400) == Names{"cell399"});
}

TEST_CASE("open_h5ad takes Ensembl ids from the index or from a column", "[golden]") {
  for (const char* file : {"csr.h5ad", "ensembl.h5ad", "raw.h5ad", "anndata_0_7.h5ad"}) {
    CAPTURE(file);
    CHECK(open_golden(file)->genes().id == kIds);
  }
  CHECK(open_golden("nullable.h5ad")->genes().id == Names(5));
}

TEST_CASE("open_h5ad reads the slot asked for and lists the slots when there is no such", "[golden]") {
  const std::string path = golden("h5ad/layers.h5ad");
  const auto ambient = open_h5ad(path, {"layers/ambient"});
  CHECK(read_all(*ambient)[1] == std::vector<float>{0, 0, 0, 0, 6});
  CHECK_THAT(error_of([&] { open_h5ad(path, {"layers/none"}); }),
             Contains("no slot 'layers/none'") && Contains("'X', 'layers/counts', 'layers/ambient'"));
}

TEST_CASE("open_h5ad keeps X when no slot holds counts", "[golden]") {
  CHECK(open_golden("scaled.h5ad")->format() == "h5ad (anndata 0.8 or newer), dense array in 'X'");
}

TEST_CASE("column reads every kind of obs column of anndata 0.8", "[golden]") {
  const auto reader = open_golden("csr.h5ad");
  CHECK(reader->column_names() == Names{"type", "note", "count", "score", "single", "flag", "cluster"});

  const CellColumn type = reader->column("type");
  CHECK(type.categories == Names{"T cell", "NK cell", "B cell", "unseen"});
  CHECK(type.code == std::vector<std::int32_t>{0, 1, -1, 0, 2, 1});

  CHECK(labels_of(reader->column("note")) == Names{"b", "a", "b", "", "a", "é"});
  CHECK(reader->column("note").categories == Names{"", "a", "b", "é"});
  CHECK(labels_of(reader->column("count")) == Names{"10", "9", "100", "9", "-1", "10"});
  CHECK(reader->column("count").categories == Names{"-1", "9", "10", "100"});
  CHECK(labels_of(reader->column("score")) == Names{"0.1", "2", "-", "0.1", "1e-09", "2"});
  CHECK(reader->column("single").categories == Names{"0.1", "2", "3.5"});
  CHECK(labels_of(reader->column("flag")) == Names{"True", "False", "True", "True", "False", "False"});
  CHECK(labels_of(reader->column("cluster")) == Names{"2", "10", "2", "2", "10", "2"});
}

TEST_CASE("column reads the categories that anndata 0.7 keeps apart", "[golden]") {
  const auto reader = open_golden("anndata_0_7.h5ad");
  CHECK(reader->column_names() == Names{"type", "note", "count", "flag"});
  CHECK(labels_of(reader->column("type")) == Names{"T cell", "NK cell", "-", "T cell", "B cell", "NK cell"});
  CHECK(reader->column("type").categories == Names{"T cell", "NK cell", "B cell", "unseen"});
}

TEST_CASE("column reads nullable columns and string arrays of anndata 0.12", "[golden]") {
  const auto reader = open_golden("nullable.h5ad");
  CHECK(reader->column_names() == Names{"whole", "flag", "text", "type"});
  CHECK(labels_of(reader->column("whole")) == Names{"3", "1", "-", "20", "3", "1"});
  CHECK(reader->column("whole").categories == Names{"1", "3", "20"});
  CHECK(labels_of(reader->column("flag")) == Names{"True", "False", "-", "True", "True", "False"});
  CHECK(labels_of(reader->column("text")) == Names{"x", "y", "-", "x", "z", "y"});
  CHECK(labels_of(reader->column("type")) == Names{"T cell", "NK cell", "-", "T cell", "B cell", "NK cell"});
}

TEST_CASE("column lists the columns there are when asked for another", "[golden]") {
  const auto reader = open_golden("csc.h5ad");
  CHECK_THAT(error_of([&] { reader->column("celltype"); }),
             Contains("no column 'celltype'") && Contains("the columns are 'type'"));
}

TEST_CASE("read gives any range of cells of any encoding", "[property]") {
  const Encoding encoding = GENERATE(Encoding::Csr, Encoding::Csc, Encoding::Dense);
  const TemporaryFolder folder;
  std::mt19937_64 rng(1);
  for (int round = 0; round < 8; ++round) {
    const auto cells = static_cast<std::int64_t>(rng() % 60 + 1);
    const auto genes = static_cast<std::int64_t>(rng() % 40 + 1);
    const double density = static_cast<double>(rng() % 10) / 10;
    const CountMatrix counts = random_counts(rng, cells, genes, density);
    const Rows rows = dense_of(counts);
    const std::string path = folder / "random.h5ad";
    write_h5ad(path, counts, encoding);
    const auto reader = open_h5ad(path);
    REQUIRE(reader->genes().size() == genes);
    REQUIRE(read_all(*reader) == rows);
    for (int slice = 0; slice < 20; ++slice) {
      const auto a = static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(cells + 1));
      const auto b = static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(cells + 1));
      const std::int64_t first = std::min(a, b);
      const std::int64_t end = std::max(a, b);
      const CountMatrix part = reader->read(first, end);
      REQUIRE(part.genes == genes);
      REQUIRE(dense_of(part) == Rows(rows.begin() + first, rows.begin() + end));
      REQUIRE(reader->cell_names(first, end).size() == static_cast<std::size_t>(end - first));
    }
  }
}

TEST_CASE("a CSC matrix read through a window of few cells gives what it gives whole", "[property]") {
  const TemporaryFolder folder;
  std::mt19937_64 rng(2);
  const CountMatrix counts = random_counts(rng, 50, 30, 0.4);
  const Rows rows = dense_of(counts);
  write_h5ad(folder / "csc.h5ad", counts, Encoding::Csc);
  const hdf5::Group root = hdf5::open_file(folder / "csc.h5ad");
  const std::int64_t window = GENERATE(1, 40, 100, 1000);
  const auto matrix = open_h5ad_matrix(root, "X", {50, 30}, window);
  for (const std::int64_t slice : {7, 1, 50, 3}) {
    for (std::int64_t first = 0; first < 50; first += slice) {
      const std::int64_t end = std::min<std::int64_t>(50, first + slice);
      REQUIRE(dense_of(matrix->read(first, end)) == Rows(rows.begin() + first, rows.begin() + end));
    }
  }
}

TEST_CASE("a broken h5ad is refused with the place and the remedy", "[golden]") {
  CHECK_THAT(error_of_golden("bad_no_matrix.h5ad"), Contains("holds no matrix") && Contains("write the counts to X"));
  CHECK_THAT(error_of_golden("bad_shape.h5ad"), Contains("'X' is 6 cells x 4 genes") && Contains("5 genes"));
  CHECK_THAT(error_of_golden("bad_nan.h5ad"), Contains("'X'") && Contains("not a number"));
  CHECK_THAT(error_of_golden("bad_negative.h5ad"), Contains("looks scaled") && Contains("raw counts in X, in raw.X"));
  CHECK_THAT(error_of_golden("scaled.h5ad"), Contains("looks scaled"));
  CHECK_THAT(error_of_golden("bad_index.h5ad"), Contains("'X/indices' holds 5") && Contains("damaged"));
  CHECK_THAT(error_of_golden("bad_indptr_descends.h5ad"), Contains("'X/indptr' does not ascend at position 2"));
  CHECK_THAT(error_of_golden("bad_indptr_beyond.h5ad"), Contains("'X/indptr'") && Contains("position 6"));
  CHECK_THAT(error_of_golden("bad_indptr_short.h5ad"), Contains("has 6 values where 7 are expected"));
  CHECK_THAT(error_of_golden("bad_data_short.h5ad"), Contains("has 11 values but 'data' has 10"));
  CHECK_THAT(error_of_golden("bad_claims_much.h5ad"), Contains("claims far more values than the file holds"));
  CHECK_THAT(error_of_golden("bad_filter.h5ad"), Contains("32015") && Contains("compression='gzip'"));
}

TEST_CASE("negative values name the slots that may hold counts instead", "[golden]") {
  const auto reader = open_h5ad(golden("h5ad/raw.h5ad"), {"X"});
  CHECK_THAT(error_of([&] { reader->read(0, 6); }), Contains("'X' holds a negative value") && Contains("'raw.X'"));
}

TEST_CASE("a truncated h5ad is an error at every length, never a crash", "[golden]") {
  const std::string whole = read_file(golden("h5ad/gzip.h5ad"));
  const TemporaryFolder folder;
  const std::string path = folder / "cut.h5ad";
  for (std::size_t length = 8; length < whole.size(); length += 97) {
    write_file(path, whole.substr(0, length));
    CAPTURE(length);
    const std::string message = error_of([&] { open_h5ad(path); });
    REQUIRE_THAT(message, Contains(path) && Contains("copy or download it again"));
  }
}

// Only what HDF5 hands to us: HDF5 1.10 itself can crash on damaged bytes in its own bookkeeping.
TEST_CASE("a sparse matrix of random numbers is read or refused, never a crash", "[property]") {
  const TemporaryFolder folder;
  std::mt19937_64 rng(3);
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    CountMatrix lists = random_counts(rng, 10, 12, 0.5);
    const auto spoil = [&rng](auto& list) {
      const std::uint64_t values[] = {0, 1, 11, 12, 60, rng() % 100, rng()};
      if (!list.empty()) list[rng() % list.size()] = static_cast<std::decay_t<decltype(list[0])>>(values[rng() % 7]);
    };
    for (std::uint64_t times = rng() % 3; times > 0; --times) spoil(lists.row_begin);
    for (std::uint64_t times = rng() % 3; times > 0; --times) spoil(lists.gene);
    if (rng() % 4 == 0) lists.gene.resize(rng() % 100);
    if (rng() % 4 == 0) lists.row_begin.resize(rng() % 20);
    const std::string path = folder / "random.h5ad";
    {
      const hdf5::Group root = hdf5::create_file(path);
      const bool is_csr = rng() % 2 == 0;
      write_names(root, "obs", "cell", is_csr ? 10 : 12);
      write_names(root, "var", "G", is_csr ? 12 : 10);
      write_sparse(root, is_csr ? "csr_matrix" : "csc_matrix", lists, {});
    }
    try {
      const auto reader = open_h5ad(path);
      for (std::int64_t cell = 0; cell < reader->cells(); ++cell) reader->read(cell, cell + 1);
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::BadInput);
      ++refused;
    }
  }
  CHECK(refused > 30);
  CHECK(refused < 140);
}

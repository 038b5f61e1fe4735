#include "shared/counts/mtx.h"

#include <catch2/catch.hpp>

#include <random>

#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/reopened.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

using Rows = std::vector<std::vector<float>>;
using Names = std::vector<std::string>;

const std::string kHeader = "%%MatrixMarket matrix coordinate integer general\n%metadata_json: {}\n";
const std::string kFeatures =
    "ENSG00000167286\tCD3D\tGene Expression\nCD19\tCD19_TotalSeqB\tAntibody Capture\nENSG00000105374\tNKG7\tGene "
    "Expression\n";
const std::string kBarcodes = "AAAC-1\nAAAG-1\nAAAT-1\n";
const std::string kMatrix = kHeader + "3 3 5\n1 1 4\n2 1 100\n3 1 2\n1 3 7\n3 3 1\n";
const Rows kCounts = {{4, 2}, {0, 0}, {7, 1}};

// The three files of 10x, each plain or gzip.
void write_tenx(const TemporaryFolder& folder, const std::string& matrix, const std::string& features = kFeatures,
                const std::string& barcodes = kBarcodes) {
  write_file(folder / "matrix.mtx", matrix);
  write_file(folder / "features.tsv", features);
  write_file(folder / "barcodes.tsv", barcodes);
}

Rows read_all(CountsReader& reader) { return dense_of(reader.read(0, reader.cells())); }

std::string error_of_matrix(const std::string& matrix) {
  const TemporaryFolder folder;
  write_tenx(folder, matrix);
  return error_of([&] { open_mtx(folder.path()); });
}

// A matrix of one line a count, in the order of `by_gene` or of cells.
enum class Order { ByCell, ByGene };
std::string matrix_text(const CountMatrix& counts, Order order) {
  const Rows rows = dense_of(counts);
  std::string text;
  const auto line = [&](std::size_t cell, std::size_t gene) {
    if (rows[cell][gene] == 0) return;
    text += std::to_string(gene + 1) + " " + std::to_string(cell + 1) + " " +
            std::to_string(static_cast<int>(rows[cell][gene])) + "\n";
  };
  const auto cells = static_cast<std::size_t>(counts.cells());
  const auto genes = static_cast<std::size_t>(counts.genes);
  for (std::size_t i = 0; i < cells * genes; ++i)
    order == Order::ByCell ? line(i / genes, i % genes) : line(i % cells, i / cells);
  return kHeader + std::to_string(genes) + " " + std::to_string(cells) + " " + std::to_string(counts.entries()) + "\n" +
         text;
}

std::string lines(const std::string& prefix, std::int64_t n) {
  std::string text;
  for (std::int64_t i = 0; i < n; ++i) text += prefix + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("open_mtx reads 10x files and keeps only gene expression", "[unit]") {
  const TemporaryFolder folder;
  write_tenx(folder, kMatrix);
  const auto reader = open_mtx(folder.path());
  CHECK(reader->format() == "10x MatrixMarket, read as a stream");
  CHECK(reader->genes().symbol == Names{"CD3D", "NKG7"});
  CHECK(reader->genes().id == Names{"ENSG00000167286", "ENSG00000105374"});
  CHECK(reader->cell_names(0, 3) == Names{"AAAC-1", "AAAG-1", "AAAT-1"});
  CHECK(read_all(*reader) == kCounts);
  CHECK(reader->column_names().empty());
}

TEST_CASE("open_mtx reads gzip files, genes.tsv, a prefix and Windows line ends", "[unit]") {
  const TemporaryFolder folder;
  write_gzip(folder / "GSM1_matrix.mtx.gz", "%%MatrixMarket matrix coordinate real general\r\n2 2 2\r\n1 1 1.5\r\n2 2 3e0\r\n");
  write_gzip(folder / "GSM1_genes.tsv.gz", "ENSG00000167286\tCD3D\r\nENSG00000105374\tNKG7\r\n");
  write_gzip(folder / "GSM1_barcodes.tsv.gz", "A\r\nB\r\n");
  for (const std::string& path : {folder.path(), folder / "GSM1_matrix.mtx.gz"}) {
    const auto reader = open_mtx(path);
    CHECK(read_all(*reader) == Rows{{1.5, 0}, {0, 3}});
    CHECK(reader->genes().symbol == Names{"CD3D", "NKG7"});
    CHECK(reader->cell_names(1, 2) == Names{"B"});
  }
}

TEST_CASE("open_mtx gives any range of cells, sorted by cell or not, plain or gzip", "[property]") {
  const Order order = GENERATE(Order::ByCell, Order::ByGene);
  const bool is_gzip = GENERATE(false, true);
  const bool by_index = order == Order::ByCell && GENERATE(false, true);
  std::mt19937_64 rng(1);
  const TemporaryFolder folder;
  const CountMatrix counts = random_counts(rng, 900, 12, 0.2);
  const Rows rows = dense_of(counts);
  (is_gzip ? write_gzip : write_file)(folder / (is_gzip ? "matrix.mtx.gz" : "matrix.mtx"), matrix_text(counts, order));
  write_file(folder / "features.tsv", lines("G", 12));
  write_file(folder / "barcodes.tsv", lines("cell", 900));
  auto reader = open_mtx(folder.path());
  CHECK_THAT(reader->format(), Contains(order == Order::ByCell ? "stream" : "whole"));
  CHECK(reader->index().is_null() == (order == Order::ByGene));
  if (by_index) reader = reopened(*reader);
  else CHECK(read_all(*reader) == rows);
  for (int slice = 0; slice < 60; ++slice) {
    const auto a = static_cast<std::int64_t>(rng() % 901);
    const auto b = static_cast<std::int64_t>(rng() % 901);
    const std::int64_t first = std::min(a, b);
    const std::int64_t end = slice % 2 == 0 ? std::max(a, b) : std::min<std::int64_t>(900, first + 5);
    REQUIRE(dense_of(reader->read(first, end)) == Rows(rows.begin() + first, rows.begin() + end));
  }
  for (std::int64_t first = 0; first < 900; first += 77)
    REQUIRE(dense_of(reader->read(first, std::min<std::int64_t>(900, first + 77))) ==
            Rows(rows.begin() + first, rows.begin() + std::min<std::int64_t>(900, first + 77)));
}

TEST_CASE("open_mtx names the line that is wrong", "[unit]") {
  CHECK_THAT(error_of_matrix(kHeader + "3 3 1\n4 1 1\n"), Contains("matrix.mtx:4: gene index 4 is outside 1 to 3"));
  CHECK_THAT(error_of_matrix(kHeader + "3 3 1\n1 0 1\n"), Contains("matrix.mtx:4: cell index 0 is outside 1 to 3"));
  CHECK_THAT(error_of_matrix(kHeader + "3 3 1\n1 1 -2\n"), Contains(":4: a negative value") && Contains("raw counts"));
  CHECK_THAT(error_of_matrix(kHeader + "3 3 1\n1 1 x\n"), Contains(":4: '1 1 x' is not 'gene cell count'"));
  CHECK_THAT(error_of_matrix(kHeader + "3 3 1\n1 1\n"), Contains(":4: '1 1' is not 'gene cell count'"));
  CHECK_THAT(error_of_matrix(kHeader + "3 3 2\n1 1 1\n"), Contains("ends after 1 of 2 entries") && Contains("cut short"));
  CHECK_THAT(error_of_matrix(kHeader + "3 4 0\n"), Contains("the matrix is 3 x 4") && Contains("from one run"));
  CHECK_THAT(error_of_matrix(kHeader + "what\n"), Contains(":3: no sizes"));
  CHECK_THAT(error_of_matrix("%%MatrixMarket matrix array real general\n3 3\n"), Contains(":1:") && Contains("array"));
  CHECK_THAT(error_of_matrix("hello\n"), Contains(":1: no MatrixMarket file"));
  CHECK_THAT(error_of_matrix(""), Contains("no MatrixMarket file"));
}

TEST_CASE("open_mtx tells a transposed matrix and missing files", "[unit]") {
  const TemporaryFolder folder;
  write_tenx(folder, kHeader + "3 2 0\n", "G1\nG2\n");
  CHECK_THAT(error_of([&] { open_mtx(folder.path()); }), Contains("cells x genes") && Contains("transpose"));
  std::filesystem::remove(folder / "barcodes.tsv");
  CHECK_THAT(error_of([&] { open_mtx(folder.path()); }), Contains("no barcodes.tsv (or .gz) lies beside"));
  std::filesystem::remove(folder / "matrix.mtx");
  CHECK_THAT(error_of([&] { open_mtx(folder.path()); }), Contains("holds no matrix.mtx"));
}

TEST_CASE("open_mtx refuses a gzip file that is cut short, at every length", "[unit]") {
  std::mt19937_64 rng(1);
  const TemporaryFolder folder;
  write_file(folder / "features.tsv", lines("G", 12));
  write_file(folder / "barcodes.tsv", lines("cell", 90));
  const std::string path = folder / "matrix.mtx.gz";
  write_gzip(path, matrix_text(random_counts(rng, 90, 12, 0.3), Order::ByCell));
  const std::string whole = read_file(path);
  for (std::size_t length = 0; length < whole.size(); length += 13) {
    write_file(path, whole.substr(0, length));
    CAPTURE(length);
    REQUIRE_THAT(error_of([&] { open_mtx(folder.path()); }), Contains("matrix.mtx.gz"));
  }
}

TEST_CASE("a cell may have more lines than are held at once", "[unit]") {
  constexpr int kGenes = 70'000;
  std::string features, lines;
  for (int gene = 1; gene <= kGenes; ++gene) {
    features += "g" + std::to_string(gene) + "\tg" + std::to_string(gene) + "\tGene Expression\n";
    lines += std::to_string(gene) + " 2 " + std::to_string(gene % 9 + 1) + "\n";
  }
  const TemporaryFolder folder;
  const std::string sizes = std::to_string(kGenes) + " 3 " + std::to_string(kGenes + 1) + "\n";
  write_tenx(folder, kHeader + sizes + lines + "5 3 8\n", features);
  const auto reader = open_mtx(folder.path());
  CHECK_THAT(reader->format(), Contains("read as a stream"));
  const Rows rows = read_all(*reader);
  CHECK(rows[0] == std::vector<float>(kGenes, 0));
  for (int gene = 1; gene <= kGenes; ++gene) REQUIRE(rows[1][static_cast<std::size_t>(gene - 1)] == static_cast<float>(gene % 9 + 1));
  CHECK(rows[2][4] == 8);
}

#include "shared/counts/delimited.h"

#include <catch2/catch.hpp>

#include <random>

#include "shared/counts/delimited_number.h"
#include "shared/counts/open_counts.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/reopened.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

using Rows = std::vector<std::vector<float>>;
using Names = std::vector<std::string>;

const Names kGenes = {"CD3D", "NKG7", "MS4A1"};
const Names kCells = {"AAACATACAACCAC-1", "AAACATTGAGCTAC-1"};
const Rows kCounts = {{0, 3, 1}, {12, 0, 0}};  // [cells x genes]

struct Opened {
  explicit Opened(const std::string& text) {
    write_file(folder / "table.csv", text);
    reader = open_counts(folder / "table.csv");
  }
  Rows counts() const { return dense_of(reader->read(0, reader->cells())); }

  TemporaryFolder folder;
  std::unique_ptr<CountsReader> reader;
};

std::string error_of_table(const std::string& text) {
  return error_of([&] {
    const Opened opened(text);
    opened.counts();
  });
}

}  // namespace

TEST_CASE("a table is read whatever parts its columns and whichever way it lies", "[unit]") {
  const auto [text, format] = GENERATE(table<std::string, std::string>({
      {",CD3D,NKG7,MS4A1\nAAACATACAACCAC-1,0,3,1\nAAACATTGAGCTAC-1,12,0,0\n", "CSV table, cells in rows, read as a stream"},
      {"CD3D\tNKG7\tMS4A1\r\nAAACATACAACCAC-1\t0\t3\t1\r\nAAACATTGAGCTAC-1\t12\t0\t0\r\n\r\n", "TSV table, cells in rows, read as a stream"},
      {"\"\";\"CD3D\";\"NKG7\";\"MS4A1\"\n\"AAACATACAACCAC-1\";0;3;1\n\"AAACATTGAGCTAC-1\";\"12\";0;0", "table parted by semicolons, cells in rows, read as a stream"},
      {"\xEF\xBB\xBFgene,AAACATACAACCAC-1,AAACATTGAGCTAC-1\nCD3D,0,12\nNKG7,3,0\nMS4A1,1,0\n", "CSV table, genes in rows, read whole: only counts above 0 are held"},
      {"# written by a program\n\"AAACATACAACCAC-1\" \"AAACATTGAGCTAC-1\"\n\"CD3D\" 0 1.2e1\n\"NKG7\" 3.0 0.0\n\"MS4A1\" 1 0\n", "table parted by spaces, genes in rows, read whole: only counts above 0 are held"},
  }));
  CAPTURE(text);
  const Opened opened(text);
  CHECK(opened.reader->format() == format);
  CHECK(opened.reader->genes().symbol == kGenes);
  CHECK(opened.reader->cell_names(0, 2) == kCells);
  CHECK(opened.counts() == kCounts);
}

TEST_CASE("a table behind gzip is read, and refused when cut short", "[unit]") {
  const TemporaryFolder folder;
  write_gzip(folder / "table.csv.gz", ",CD3D,NKG7\nAAACATACAACCAC-1,0,3\n");
  CHECK(dense_of(open_counts(folder / "table.csv.gz")->read(0, 1)) == Rows{{0, 3}});
  const std::string whole = read_file(folder / "table.csv.gz");
  write_file(folder / "table.csv.gz", whole.substr(0, whole.size() - 9));
  CHECK_THAT(error_of([&] { open_counts(folder / "table.csv.gz"); }), Contains("table.csv.gz") && Contains("cut short"));
}

TEST_CASE("words beside the counts become names of genes or columns of cells", "[unit]") {
  const Opened genes("gene_id,symbol,\"kind, of gene\",cell1,cell2\nENSG00000167286,CD3D,x,0,2\nENSG00000105374,NKG7,x,1,0\n");
  CHECK(genes.reader->genes().id == Names{"ENSG00000167286", "ENSG00000105374"});
  CHECK(genes.reader->genes().symbol == Names{"CD3D", "NKG7"});
  REQUIRE(genes.reader->other_gene_names().size() == 2);
  CHECK(genes.reader->other_gene_names()[0].column == "symbol");
  CHECK(genes.counts() == Rows{{0, 1}, {2, 0}});

  const Opened cells("Unnamed: 0,barcode,CD3D,NKG7,cell type\n0,AAACATACAACCAC-1,0,2,\"T cell, CD4\"\n1,AAACATTGAGCTAC-1,1,0,\n2,AAACATTGATTTAC-1,1,0,B cell\n");
  CHECK(cells.reader->cell_names(0, 2) == kCells);
  CHECK(cells.reader->genes().symbol == Names{"CD3D", "NKG7"});
  CHECK(cells.reader->column_names() == Names{"cell type"});
  CHECK(cells.reader->column("cell type").categories == Names{"B cell", "T cell, CD4"});
  CHECK(cells.reader->column("cell type").code == std::vector<std::int32_t>{1, -1, 0});
  CHECK(cells.counts() == Rows{{0, 2}, {1, 0}, {1, 0}});
  const auto again = reopened(*cells.reader);
  CHECK(again->format() == cells.reader->format());
  CHECK(again->cell_names(0, 3) == cells.reader->cell_names(0, 3));
  CHECK(again->genes().symbol == Names{"CD3D", "NKG7"});
  CHECK(again->column("cell type").categories == Names{"B cell", "T cell, CD4"});
  CHECK(again->column("cell type").code == std::vector<std::int32_t>{1, -1, 0});
  CHECK(dense_of(again->read(0, 3)) == Rows{{0, 2}, {1, 0}, {1, 0}});
}

TEST_CASE("numbers that tools write beside the counts are no genes", "[unit]") {
  const Opened by_cell(",nCount_RNA,CD3D,NKG7,MS4A1,leiden\nAAACATACAACCAC-1,4,0,3,1,0\nAAACATTGAGCTAC-1,12,12,0,0,1\n");
  CHECK(by_cell.reader->genes().symbol == kGenes);
  CHECK(by_cell.counts() == kCounts);
  CHECK(by_cell.reader->column_names() == Names{"nCount_RNA", "leiden"});
  CHECK(by_cell.reader->column("leiden").categories == Names{"0", "1"});
  const Opened by_gene("Geneid\tChr\tStart\tEnd\tLength\tAAACATACAACCAC-1\tAAACATTGAGCTAC-1\nCD3D\t11\t5\t9\t5\t0\t12\nNKG7\t19\t1\t3\t3\t3\t0\nMS4A1\t11\t7\t8\t2\t1\t0\n");
  CHECK(by_gene.reader->cell_names(0, 2) == kCells);
  CHECK(by_gene.counts() == kCounts);
}

TEST_CASE("the corner decides where names of genes and cells look alike", "[unit]") {
  CHECK_THAT(error_of_table(",P1,P2\nA1,1,2\nA2,0,3\n"), Contains("table.csv:1: neither") && Contains("'gene'"));
  CHECK_THAT(Opened("gene,P1,P2\nA1,1,2\nA2,0,3\n").reader->format(), Contains("genes in rows"));
  CHECK_THAT(Opened("cell,P1,P2\nA1,1,2\nA2,0,3\n").reader->format(), Contains("cells in rows"));
}

TEST_CASE("any range of a long table is as in the whole, in both directions", "[unit]") {
  std::mt19937_64 rng(11);
  const CountMatrix counts = random_counts(rng, 700, 9, 0.2);
  const Rows rows = dense_of(counts);
  std::string by_cell = "cell,ENSG00000000001,A,B,C,D,E,F,G,H\n", by_gene = "gene";
  for (std::size_t cell = 0; cell < rows.size(); ++cell) {
    by_cell += "c" + std::to_string(cell);
    by_gene += ",c" + std::to_string(cell);
    for (const float count : rows[cell]) by_cell += "," + std::to_string(static_cast<int>(count));
    by_cell += "\n";
  }
  for (std::size_t gene = 0; gene < 9; ++gene) {
    by_gene += "\nG" + std::to_string(gene);
    for (const std::vector<float>& row : rows) by_gene += "," + std::to_string(static_cast<int>(row[gene]));
  }
  for (const std::string& text : {by_cell, by_gene}) {
    Opened opened(text);
    CHECK(opened.counts() == rows);
    const bool has_index = !opened.reader->index().is_null();
    CHECK(has_index == (text == by_cell));
    for (int k = 0; k < 60; ++k) {
      if (k == 30 && has_index) opened.reader = reopened(*opened.reader);
      const auto first = static_cast<std::int64_t>(rng() % 701);
      const auto end = first + static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(701 - first));
      CHECK(dense_of(opened.reader->read(first, end)) == Rows(rows.begin() + first, rows.begin() + end));
    }
  }
}

TEST_CASE("a damaged table is refused with the line, what is there and what to do", "[unit]") {
  const std::string start = "gene,AAACATACAACCAC-1,AAACATTGAGCTAC-1\nCD3D,0,12\nNKG7,3,0\nMS4A1,1,0\nLYZ,0,0\n";
  CHECK_THAT(error_of_table(start + "PPBP,1\n"), Contains("table.csv:6: 2 fields where the first line has 3"));
  CHECK_THAT(error_of_table(start + "PPBP,1,2,3\n"), Contains("table.csv:6: 4 fields where the first line has 3"));
  CHECK_THAT(error_of_table(start + "PPBP,1,\n"), Contains("table.csv:6: ''") && Contains("raw counts"));
  CHECK_THAT(error_of_table(start + "PPBP,NA,1\n"), Contains("table.csv:6: 'NA' in column 'AAACATACAACCAC-1'"));
  CHECK_THAT(error_of_table(start + "PPBP,1,-0.5\n"), Contains("table.csv:6: -0.5") && Contains("scaled") && Contains("raw counts"));
  CHECK_THAT(error_of_table(start + "PPBP,1,high\n"), Contains("table.csv:6: 'high' in column 'AAACATTGAGCTAC-1'"));
  CHECK_THAT(error_of_table(start + "\nPPBP,1,2\n"), Contains("table.csv:6: an empty line"));
  CHECK_THAT(error_of_table(start + "PP\xE9,1,2\n"), Contains("table.csv:6") && Contains("UTF-8"));
  CHECK_THAT(error_of_table("gene,caf\xE9\nCD3D,1\n"), Contains("table.csv:1") && Contains("UTF-8"));
  CHECK_THAT(error_of_table("gene,AAACATACAACCAC-1\n"), Contains("table.csv:1") && Contains("none below"));
  CHECK_THAT(error_of_table("gene\nCD3D\nNKG7\n"), Contains("table.csv:1: neither HDF5"));
  CHECK_THAT(error_of_table("gene,symbol\nENSG00000167286,CD3D\n"), Contains("table.csv:2: no column"));
  CHECK_THAT(error_of_table("gene,c1,c2\nCD3D,1\n"), Contains("table.csv:2: 2 fields"));
}

TEST_CASE("after an error other cells of a table are read as before", "[unit]") {
  const Opened opened("cell,CD3D,NKG7\na_1,1,0\na_2,0,x\na_3,2,0\na_4,0,3\n");
  CHECK_THAT(error_of([&] { opened.reader->read(0, 3); }), Contains("table.csv:3: 'x'"));
  CHECK(dense_of(opened.reader->read(2, 4)) == Rows{{2, 0}, {0, 3}});
  CHECK(opened.reader->read(4, 4).cells() == 0);
}

TEST_CASE("a cell named twice is refused, a gene named twice is not", "[unit]") {
  CHECK_THAT(error_of_table("gene,c1,c2,c1\nCD3D,1,2,3\n"), Contains("table.csv:1: cell 'c1' appears twice; first in column 2"));
  CHECK_THAT(error_of_table("cell,CD3D\na_1,1\na_2,0\na_1,2\n"), Contains("table.csv:4: cell 'a_1' appears twice; first in line 2"));
  CHECK(Opened("cell,CD3D,CD3D\na_1,1,2\n").counts() == Rows{{1, 2}});
}

TEST_CASE("parse_number agrees with strtod", "[unit]") {
  for (const char* text : {"0", "0.0", "12.5", "0.6931471805599453", "1e+05", "123456789012345678", "3.", ".5", "-2"})
    CHECK(parse_number(text) == std::strtod(text, nullptr));
  for (const char* text : {"", "NA", "nan", "inf", "1,5", "0x10", "1-2", "."}) CHECK_FALSE(parse_number(text));
  CHECK(parse_number("\"7\"") == 7);
}

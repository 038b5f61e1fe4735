#include "trainer/data/gene_windows.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"

using namespace plkd;
using namespace plkd::test;

namespace {

// A table on disk, gone when the test is.
class Table : public ScratchFile {
 public:
  explicit Table(const std::string& text) : ScratchFile("gene_windows_test.txt") {
    std::ofstream(path(), std::ios::binary) << text;
  }
};

const std::string kGtf =
    "#!genome-build GRCh38\n"
    "chr1\tHAVANA\tgene\t5001\t9000\t.\t+\t.\tgene_id \"ENSG00000000001.4\"; gene_name \"ABC1\";\n"
    "chr1\tHAVANA\ttranscript\t1\t900000\t.\t+\t.\tgene_id \"ENSG00000000001.4\"; gene_name \"ABC1\";\n"
    "chr2\tHAVANA\tgene\t1001\t3000\t.\t-\t.\tgene_id \"ENSG00000000002.1\"; gene_name \"ABC2\";\n"
    "chr3\tHAVANA\tgene\t101\t300\t.\t+\t.\tgene_id \"ENSG00000000003.1\"; gene_name \"ABC3\";\n";

}  // namespace

TEST_CASE("a gene's window is its body and the promoter before it, by strand", "[unit]") {
  const Table gtf(kGtf);
  const GeneVocabulary genes{{"abc2", "", "ABC3", "NOWHERE"}, {"", "ENSG00000000001", "", ""}};
  const GeneVocabulary windows = gene_windows(gtf.path(), genes);
  CHECK(windows.symbol == std::vector<std::string>{"abc2", "ENSG00000000001", "ABC3"});
  CHECK(windows.id == std::vector<std::string>{"chr2:1000-5000", "chr1:3000-9000", "chr3:0-300"});
}

TEST_CASE("without genes to look for all that the table knows have a window", "[unit]") {
  const Table bed("track name=genes\nchr1\t5000\t9000\tABC1\t0\t+\nchr1\t6000\t7000\tABC1\t0\t+\nchrX\t10\t20\tABC2\t0\t-\n");
  const GeneVocabulary windows = gene_windows(bed.path(), {});
  CHECK(windows.symbol == std::vector<std::string>{"ABC1", "ABC2"});
  CHECK(windows.id == std::vector<std::string>{"chr1:3000-9000", "chrX:10-2020"});
}

TEST_CASE("a table of other things is refused with its line", "[unit]") {
  const Table short_bed("chr1\t5000\t9000\tABC1\n");
  const GeneVocabulary genes{{"ABC1"}, {""}};
  CHECK(error_of([&] { gene_windows(short_bed.path(), genes); })
            .find(":1: has 4 columns, which is neither GTF nor BED with strands") != std::string::npos);
}

TEST_CASE("a table without a place, or of other genes, is refused", "[unit]") {
  const Table no_place("chr1\tx\t9000\tABC1\t0\t+\n");
  CHECK(error_of([&] { gene_windows(no_place.path(), {{"ABC1"}, {""}}); }).find(":1: has no place of a gene") != std::string::npos);
  const Table gtf(kGtf);
  CHECK(error_of([&] { gene_windows(gtf.path(), {{"XYZ"}, {""}}); }).find("knows the place of none of the 1 genes") !=
        std::string::npos);
}

#include "trainer/data/label_map.h"

#include <catch2/catch.hpp>

#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;
using Names = std::vector<std::string>;

namespace {

const char* const kMap = "label_map_test.csv";

plkd::LabelMap map_of(const std::string& text) {
  const ScratchFile file(kMap);
  write_file(file.path(), text);
  return plkd::LabelMap(file.path());
}

}  // namespace

TEST_CASE("labels are renamed everywhere or in one file, once", "[unit]") {
  plkd::LabelMap map = map_of("T,T cell\na.h5ad,T,CD4 T cell\nT cell,lymphocyte\n");
  CHECK(map.renamed("data/a.h5ad", {"T", "B", ""}) == Names{"CD4 T cell", "B", ""});
  CHECK(map.renamed("b.h5ad", {"T", "T cell"}) == Names{"T cell", "lymphocyte"});
  CHECK(map.notes().empty());
}

TEST_CASE("an empty new name leaves cells out", "[unit]") {
  plkd::LabelMap map = map_of("Doublet,\n");
  CHECK(map.renamed("a.h5ad", {"Doublet", "B"}) == Names{"", "B"});
}

TEST_CASE("names with commas come in quotes or in a table with tabs", "[unit]") {
  plkd::LabelMap quoted = map_of("\"CD4+, naive\",\"the \"\"naive\"\" ones\"\r\n");
  CHECK(quoted.renamed("a.h5ad", {"CD4+, naive"}) == Names{"the \"naive\" ones"});
  plkd::LabelMap tabs = map_of("CD4+, naive\tCD4 T cell\n");
  CHECK(tabs.renamed("a.h5ad", {"CD4+, naive"}) == Names{"CD4 T cell"});
}

TEST_CASE("a line that meets no label is a note", "[unit]") {
  plkd::LabelMap map = map_of("B,B cell\n\nb.h5ad,T,T cell\nNK,NK cell\n");
  map.renamed("a.h5ad", {"T", "B"});
  CHECK(map.notes() == Names{"label_map_test.csv:3: no cell of 'b.h5ad' has the label 'T'",
                             "label_map_test.csv:4: no cell has the label 'NK'"});
}

TEST_CASE("lines that cannot be meant are refused by their number", "[unit]") {
  CHECK(
      error_of([] { map_of("B,B cell\nT\n"); }) ==
      "label_map_test.csv:2: 1 fields where 2 or 3 are expected; write from,to or file,from,to and put names "
      "with commas in double quotes");
  CHECK(error_of([] {
          map_of(",B cell\n");
        }).rfind("label_map_test.csv:1: the label to rename is empty;", 0) == 0);
  CHECK(
      error_of([] { map_of("B,B cell\nB,B lymphocyte\n"); }) ==
      "label_map_test.csv:2: 'B' becomes 'B lymphocyte', but 'B cell' on line 1; keep one of the two lines");
}

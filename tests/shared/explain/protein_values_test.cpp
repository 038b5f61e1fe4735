#include "shared/explain/protein_values.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"

using namespace plkd;
using namespace plkd::test;

namespace {

MemoryReader reader_with(std::vector<OtherFeatures> others, std::vector<CountMatrix> counts) {
  MemoryReader reader(matrix_of({{1}, {1}}), numbered_genes(1));
  reader.others = std::move(others);
  reader.other_counts = std::move(counts);
  return reader;
}

}  // namespace

TEST_CASE(
    "a protein's values are centred over all proteins of the cell, controls left out, antibodies against one "
    "summed",
    "[unit]") {
  MemoryReader reader =
      reader_with({{Modality::Protein, "obsm:adt", {"IgG1", "CD8_TotalSeqB", "CD3", "CD8a", "Hashtag1"}}},
                  {matrix_of({{50, 2, 10, 1, 7}, {0, 0, 0, 4, 9}})});
  FileProteins proteins(reader);
  CHECK(proteins.names() == std::vector<std::string>{"CD8a", "CD3"});
  CHECK(proteins.where() == "obsm:adt");
  const double middle = std::exp((std::log1p(3.0) + std::log1p(10.0)) / 2),
               of_second = std::exp(std::log1p(4.0) / 2);
  const std::vector<float> values = proteins.values({1, 0}, 0, 2);
  REQUIRE(values.size() == 4);
  CHECK(values[0] == Approx(std::log1p(10 / middle)));
  CHECK(values[1] == 0);
  CHECK(values[2] == Approx(std::log1p(3 / middle)));
  CHECK(values[3] == Approx(std::log1p(4 / of_second)));
  CHECK(proteins.values({0}, 1, 2) == std::vector<float>{values[3]});
  CHECK_THROWS(proteins.values({2}, 0, 1));
}

TEST_CASE("values that were normalised already come back as they are, and counts are taken before them",
          "[unit]") {
  const OtherFeatures clr{Modality::Protein, "obsm:clr", {"CD3", "CD4", "CD8"}},
      counts{Modality::Protein, "obsm:counts", {"CD3", "CD4"}};
  const CountMatrix normalised = matrix_of({{0.5F, 1.5F, 2.25F}, {0, 3.5F, 1}});
  MemoryReader alone = reader_with({clr}, {normalised});
  FileProteins proteins(alone);
  CHECK_FALSE(can_be_counts(proteins.inspection()));
  CHECK(proteins.values({1}, 0, 2) == std::vector<float>{1.5F, 3.5F});
  for (const bool counts_first : {true, false}) {
    const CountMatrix whole = matrix_of({{5, 6}, {7, 8}});
    MemoryReader both = counts_first ? reader_with({counts, clr}, {whole, normalised})
                                     : reader_with({clr, counts}, {normalised, whole});
    CHECK(FileProteins(both).where() == "obsm:counts");
  }
}

TEST_CASE("a file without proteins has none, and one with values below zero offers none", "[unit]") {
  MemoryReader without =
      reader_with({{Modality::Chromatin, "type:Peaks", {"chr1:1-2"}}}, {matrix_of({{1}, {1}})});
  CHECK(FileProteins(without).names().empty());
  MemoryReader scaled = reader_with({{Modality::Protein, "obsm:dsb", {"CD3"}}}, {matrix_of({{-1.5F}, {2}})});
  CHECK(FileProteins(scaled).names().empty());
}

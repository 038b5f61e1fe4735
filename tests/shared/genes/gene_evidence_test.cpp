#include "shared/genes/gene_evidence.h"

#include <catch2/catch.hpp>

using namespace plkd;

TEST_CASE("gene_evidence tells genes of two organisms from cells", "[unit]") {
  CHECK(gene_evidence({"ENSG00000167286", "ENSMUSG00000030336.2"}) == 1);
  CHECK(gene_evidence({"CD3D", "HLA-DRA", "MT-CO1", "C1orf43", "RP11-34P13.7"}) == 1);
  CHECK(gene_evidence({"Cd3e", "mt-Co1", "1700001P01Rik"}) == 1);
  CHECK(gene_evidence({"0610007L01Rik", "0610009O20Rik", "0610010F05Rik"}) == 1);
  CHECK(gene_evidence({"AAACATACAACCAC-1", "donor2_AAACCTGAGAAACCAT", "SRR5818088"}) == -1);
}

TEST_CASE("gene_evidence finds none in names of one stem, numbers and sentences", "[unit]") {
  CHECK(gene_evidence({"cell1", "cell2", "cell3"}) == 0);
  CHECK(gene_evidence({"1", "2", "3"}) == 0);
  CHECK(gene_evidence({"human1_lib1.final_cell_0001", "T cell of donor 2"}) == 0);
  CHECK(gene_evidence({}) == 0);
}

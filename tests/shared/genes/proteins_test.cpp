#include "shared/genes/proteins.h"

#include <catch2/catch.hpp>

#include "shared/genes/peaks.h"

using namespace plkd;

TEST_CASE("a protein is found under the names that files give its antibody", "[unit]") {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"CD8a", "CD8a"},         {"CD8", "CD8a"},           {"CD16", "CD16"},
      {"HLA.DR", "HLA-DR"},     {"MHCII (HLA-DR)", "HLA-DR"}, {"CD127-IL7Ra", "CD127"},
      {"IL7Ralpha (CD127)", "CD127"}, {"CD197-CCR7", "CD197"}, {"CCR7", "CD197"},
      {"TCR.a.b", "TCR alpha/beta"}, {"PD-1 (CD279)", "CD279"}, {"CD3_TotalSeqB", "CD3"},
      {"anti-human CD45RA", "CD45RA"}, {"B220 (CD45R)", "B220"}, {"EpCAM (CD326)", "CD326"}};
  for (const auto& [name, protein] : names) {
    INFO(name);
    CHECK(resolve_protein(name).kind == TagKind::Protein);
    CHECK(resolve_protein(name).name == protein);
  }
  CHECK(resolve_protein("CD16").genes == std::vector<std::string>{"FCGR3A", "FCGR3B"});
  CHECK(resolve_protein("CD56").genes == std::vector<std::string>{"NCAM1"});
  CHECK(resolve_protein("Nectin-9").name == "Nectin-9");
}

TEST_CASE("isotype controls and hashtags are told from proteins", "[unit]") {
  for (const char* name : {"IgG1", "IgG2a", "IgG1.K.Isotype.Control", "Mouse IgG2a kappa", "rat_IgG2b_ctrl",
                           "IgG1_control_TotalSeqB"})
    CHECK(resolve_protein(name).kind == TagKind::Isotype);
  for (const char* name : {"Hashtag1", "HTO_2", "hashtag_A0251"}) CHECK(resolve_protein(name).kind == TagKind::Hashtag);
  for (const char* name : {"IgM", "IgD", "IgA"}) CHECK(resolve_protein(name).kind == TagKind::Protein);
}

TEST_CASE("controls are left out, and two antibodies against one protein are one", "[unit]") {
  const ProteinVocabulary found = proteins_of({"CD3", "IgG1", "PD-1 (CD279)", "Hashtag1", "PD1 (CD279)", "Nectin-9"});
  CHECK(found.proteins.symbol == std::vector<std::string>{"CD3", "CD279", "Nectin-9"});
  CHECK(found.proteins.alias[0] == std::vector<std::string>{"CD3E", "CD3D", "CD3G"});
  CHECK(found.protein_of_tag == std::vector<std::int32_t>{0, -1, 1, -1, 1, 2});
  CHECK(describe(found.report) ==
        "3 proteins (taken as they are: Nectin-9), without 1 isotype control, without 1 hashtag");
}

TEST_CASE("lists of antibodies and of peaks are told from lists of genes", "[unit]") {
  CHECK(look_like_proteins({"CD3", "CD4", "CD8a", "HLA.DR", "IgG1"}));
  CHECK_FALSE(look_like_proteins({"CD4", "CD8A", "CD19", "CD14", "MS4A1", "NKG7"}));
  CHECK_FALSE(look_like_proteins({"CD4", "CD19"}));
  CHECK_FALSE(look_like_proteins({"Cd4", "Cd8a", "Cd19", "Ms4a1"}));
  CHECK_FALSE(look_like_proteins({"CD3D", "CD4", "CD8A", "LYZ", "NKG7", "MS4A1", "GNLY", "FCGR3A"}));
  CHECK_FALSE(look_like_proteins({}));
  CHECK(look_like_peaks({"chr1:9776-10668", "chr2-1-20", "chrX_5_9"}));
  CHECK_FALSE(look_like_peaks({"HLA-A", "HLA-DRB1", "MT-ND1"}));
}

TEST_CASE("a peak's name says where it lies", "[unit]") {
  for (const char* name : {"chr1:9776-10668", "chr1-9776-10668", "chr1_9776_10668"}) {
    const auto place = interval_of_peak(name);
    REQUIRE(place);
    CHECK(place->chromosome == "chr1");
    CHECK(place->begin == 9776);
    CHECK(place->end == 10668);
  }
  const auto scaffold = interval_of_peak("GL000195.1_random:5-9");
  REQUIRE(scaffold);
  CHECK(scaffold->chromosome == "GL000195.1_random");
  for (const char* name : {"chr1", "chr1:10-5", "chr1:-5", "HLA-DRB1", "chr1:1-2x", ""}) CHECK_FALSE(interval_of_peak(name));
}

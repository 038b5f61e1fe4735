#include "shared/genes/gene_table.h"

#include <catch2/catch.hpp>

#include "tests/support/files.h"

namespace plkd {

namespace {

GeneVocabulary human_genes() { return {{"CD3E", "LYZ", "GZMB", "", "TENT5C"}, {"", "", "", "ENSG00000203747", ""}}; }

std::string table(const test::TemporaryFolder& folder, const std::string& text) {
  test::write_file(folder / "table", text);
  return folder / "table";
}

}  // namespace

TEST_CASE("id and symbol pairs fill in what a gene lacks, gzip or not", "[unit]") {
  const test::TemporaryFolder folder;
  test::write_gzip(folder / "names.csv.gz", "ENSG00000198851,CD3E\nENSG00000203747,FCGR3A\nENSG00000000001,LYZ\nENSG00000000002,LYZ\n");
  GeneVocabulary genes = human_genes();
  const GeneTableReport report = add_gene_table(genes, folder / "names.csv.gz");
  CHECK(genes.id == std::vector<std::string>{"ENSG00000198851", "", "", "ENSG00000203747", ""});
  CHECK(genes.symbol[3] == "FCGR3A");
  CHECK(report.ids == 1);
  CHECK(report.symbols == 1);
  CHECK(genes.alias.empty());
  CHECK(genes.orthologue.empty());
}

TEST_CASE("pairs of symbols are orthologues, whichever column is ours", "[unit]") {
  const test::TemporaryFolder folder;
  GeneVocabulary human = human_genes();
  const GeneTableReport report = add_gene_table(human, table(folder, "CD3E,Cd3e\nMT-TF,\nTENT5C,Tent5c\n"));
  CHECK(report.orthologues == 2);
  CHECK(human.orthologue == std::vector<std::vector<std::string>>{{"Cd3e"}, {}, {}, {}, {"Tent5c"}});
  GeneVocabulary mouse{{"Tent5c", "Cd3e"}, {"", ""}};
  add_gene_table(mouse, table(folder, "CD3E\tCd3e\nTENT5C\tTent5c\n"));
  CHECK(mouse.orthologue == std::vector<std::vector<std::string>>{{"TENT5C"}, {"CD3E"}});
}

TEST_CASE("of several orthologues the namesake is kept, else none", "[unit]") {
  const test::TemporaryFolder folder;
  GeneVocabulary genes = human_genes();
  const GeneTableReport report =
      add_gene_table(genes, table(folder, "GZMB,Gzmc\nGZMB,Gzmb\nLYZ,Lyz1\nLYZ,Lyz2\nCD3E,Cd3e\nOTHER,Cd3e\nTENT5C,Shared\nOTHER,Shared\n"));
  CHECK(genes.orthologue == std::vector<std::vector<std::string>>{{"Cd3e"}, {}, {"Gzmb"}, {}, {}});
  CHECK(report.orthologues == 2);
  CHECK(report.ambiguous == 2);
}

TEST_CASE("a table that names its columns gives aliases and both names of an orthologue", "[unit]") {
  const test::TemporaryFolder folder;
  GeneVocabulary genes = human_genes();
  genes.symbol[4] = "FAM46C";
  const std::string path = table(folder,
                                 "symbol\tid\taliases\torthologue_symbol\torthologue_id\n"
                                 "TENT5C\tENSG00000183508.9\tFAM46C|FLJ20202\tTent5c\tENSMUSG00000044468\n"
                                 "CD3E\t\tT3E\t\t\n");
  add_gene_table(genes, path);
  CHECK(genes.symbol[4] == "FAM46C");
  CHECK(genes.id[4] == "ENSG00000183508");
  CHECK(genes.alias[4] == std::vector<std::string>{"FLJ20202", "TENT5C"});
  CHECK(genes.orthologue[4] == std::vector<std::string>{"Tent5c", "ENSMUSG00000044468"});
  CHECK(genes.alias[0] == std::vector<std::string>{"T3E"});
  const GeneAlignment found = align({{"TENT5C", "T3E"}, {"", ""}}, genes);
  CHECK(found.model_gene == std::vector<std::int32_t>{4, 0});
}

TEST_CASE("tables add to each other", "[unit]") {
  const test::TemporaryFolder folder;
  GeneVocabulary genes = human_genes();
  add_gene_table(genes, table(folder, "ENSG00000198851,CD3E\n"));
  add_gene_table(genes, table(folder, "CD3E,Cd3e\n"));
  CHECK(genes.id[0] == "ENSG00000198851");
  CHECK(genes.orthologue[0] == std::vector<std::string>{"Cd3e"});
}

TEST_CASE("a table of another kind, or of no gene of ours, is refused with the forms", "[unit]") {
  const test::TemporaryFolder folder;
  GeneVocabulary genes = human_genes();
  const auto error = [&](const std::string& text) {
    return test::error_of([&] { add_gene_table(genes, table(folder, text)); });
  };
  CHECK_THAT(error("a,b,c\n"), Catch::Contains("3 columns") && Catch::Contains("orthologue_symbol"));
  CHECK_THAT(error("CD3E,Cd3e\nLYZ\n"), Catch::Contains("table:2: 1 fields where 2"));
  CHECK_THAT(error(""), Catch::Contains("no gene"));
  CHECK_THAT(error("MARS1,Mars1\n"), Catch::Contains("none of the model's genes"));
}

}  // namespace plkd

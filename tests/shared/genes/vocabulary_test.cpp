#include "shared/genes/vocabulary.h"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include "tests/support/matrices.h"

namespace plkd {

TEST_CASE("names are told apart by the shape of an Ensembl id", "[unit]") {
  const GeneVocabulary genes =
      vocabulary_from_names({"CD3E", "ENSG00000153563", "ENSMUSG00000030336.4", "ENSA", "ENSG0000015356X"});
  CHECK(genes.symbol == std::vector<std::string>{"CD3E", "", "", "ENSA", "ENSG0000015356X"});
  CHECK(genes.id == std::vector<std::string>{"", "ENSG00000153563", "ENSMUSG00000030336.4", "", ""});
}

TEST_CASE("genes align by id first, then by symbol, then by symbol in another case", "[unit]") {
  const GeneVocabulary model{{"CD8A", "CD3E", "MS4A1", "LYZ"}, {"ENSG00000153563", "", "", ""}};
  const GeneVocabulary query{{"lyz", "CD3E", "OLDNAME", "XIST"}, {"", "", "ENSG00000153563.12", ""}};
  const GeneAlignment alignment = align(query, model);
  CHECK(alignment.model_gene == std::vector<std::int32_t>{3, 1, 0, -1});
  CHECK(alignment.report.matched_by_id == 1);
  CHECK(alignment.report.matched_by_symbol == 2);
  CHECK(alignment.report.missing == std::vector<std::string>{"MS4A1"});
  CHECK(describe(alignment.report) == "3 of 4 model genes matched (1 by id, 2 by symbol), 1 missing");
}

TEST_CASE("a gene matched by id takes no second gene by symbol", "[unit]") {
  const GeneVocabulary model{{"CD8A"}, {"ENSG00000153563"}};
  const GeneVocabulary query{{"CD8A", ""}, {"", "ENSG00000153563"}};
  CHECK(align(query, model).model_gene == std::vector<std::int32_t>{-1, 0});
}

TEST_CASE("counts of genes with one name are summed", "[unit]") {
  const GeneVocabulary model{{"A", "B"}, {"", ""}};
  const GeneAlignment alignment = align({{"B", "X", "A", "B"}, {"", "", "", ""}}, model);
  CHECK(alignment.report.merged == 1);
  const CountMatrix aligned = apply(alignment, test::matrix_of({{1, 5, 2, 4}, {0, 7, 0, 0}}));
  CHECK(test::dense_of(aligned) == std::vector<std::vector<float>>{{2, 5}, {0, 0}});
  CHECK(aligned.row_begin == std::vector<std::int64_t>{0, 2, 2});
}

TEST_CASE("an alias finds a gene that neither id nor symbol did", "[unit]") {
  GeneVocabulary model{{"TENT5C", "KMT2A", "CD3E"}, {"", "", ""}};
  model.alias = {{"FAM46C"}, {"MLL", "HRX"}, {"T3E"}};
  const GeneAlignment alignment = align({{"FAM46C", "MLL", "CD3E", "T3E"}, {"", "", "", ""}}, model);
  CHECK(alignment.model_gene == std::vector<std::int32_t>{0, 1, 2, -1});
  CHECK(alignment.report.matched_by_symbol == 1);
  CHECK(alignment.report.matched_by_alias == 2);
  CHECK_THAT(describe(alignment.report), Catch::Contains("2 by another name"));
}

TEST_CASE("an alias of two genes, or that is another gene's symbol, names none", "[unit]") {
  GeneVocabulary model{{"A", "B", "C"}, {"", "", "ENSG00000000003"}};
  model.alias = {{"X", "C"}, {"X"}, {}};
  CHECK(align({{"X", "C"}, {"", ""}}, model).model_gene == std::vector<std::int32_t>{-1, 2});
  CHECK(align({{"", "C"}, {"ENSG00000000003", ""}}, model).model_gene == std::vector<std::int32_t>{2, -1});
}

TEST_CASE("orthologues are used only when asked for, before symbols in another case", "[unit]") {
  GeneVocabulary model{{"CD3E", "FCGR3A", "CCL5"}, {"", "", ""}};
  model.orthologue = {{"Cd3e", "ENSMUSG00000032093"}, {"Fcgr4"}, {}};
  const GeneVocabulary mouse{{"", "Fcgr4", "Ccl5"}, {"ENSMUSG00000032093.7", "", ""}};
  const AlignmentReport without = align(mouse, model).report;
  CHECK(without.matched_by_orthologue == 0);
  CHECK(without.matched() == 1);
  const GeneAlignment with = align(mouse, model, Orthologues::Use);
  CHECK(with.model_gene == std::vector<std::int32_t>{0, 1, 2});
  CHECK(with.report.matched_by_orthologue == 2);
  CHECK(with.report.matched_by_symbol == 1);
  CHECK_THAT(describe(with.report), Catch::Contains("2 by orthologue"));
}

TEST_CASE("the order of the query's genes never matters", "[property]") {
  std::mt19937_64 rng(7);
  const GeneVocabulary model = test::numbered_genes(40);
  for (int round = 0; round < 20; ++round) {
    const CountMatrix counts = test::random_counts(rng, 6, 60, 0.4);
    std::vector<std::size_t> order(60);
    for (std::size_t gene = 0; gene < order.size(); ++gene) order[gene] = gene;
    std::shuffle(order.begin(), order.end(), rng);
    const auto rows = test::dense_of(counts);
    std::vector<std::vector<float>> shuffled_rows(rows.size());
    std::vector<std::string> shuffled_names;
    for (const std::size_t gene : order) {
      shuffled_names.push_back("G" + std::to_string(gene));
      for (std::size_t cell = 0; cell < rows.size(); ++cell) shuffled_rows[cell].push_back(rows[cell][gene]);
    }
    const CountMatrix straight = apply(align(test::numbered_genes(60), model), counts);
    const CountMatrix shuffled =
        apply(align(vocabulary_from_names(shuffled_names), model), test::matrix_of(shuffled_rows));
    CHECK(straight.gene == shuffled.gene);
    CHECK(straight.count == shuffled.count);
  }
}

}  // namespace plkd

#include "shared/annotate/other_modality.h"

#include <catch2/catch.hpp>

#include "shared/annotate/annotate.h"
#include "shared/preprocess/complete_panel.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;
using Rows = std::vector<std::vector<float>>;

namespace {

GeneVocabulary named(const std::vector<std::string>& symbols, const std::vector<std::string>& ids = {}) {
  GeneVocabulary genes;
  genes.symbol = symbols;
  genes.id = ids.empty() ? std::vector<std::string>(symbols.size()) : ids;
  return genes;
}

}  // namespace

TEST_CASE("proteins of a file are those of the model under any of their names; the fuller list is taken", "[unit]") {
  MemoryReader reader(matrix_of({{1}, {0}}), numbered_genes(1));
  reader.others = {{Modality::Protein, "obsm:few", {"CD3"}}, {Modality::Protein, "obsm:all", {"IgG1", "MHCII (HLA-DR)", "CD8", "CD3e", "CD999"}}};
  reader.other_counts = {matrix_of({{1}, {2}}), matrix_of({{9, 1, 2, 3, 4}, {9, 0, 0, 5, 0}})};
  const OtherModality proteins(reader, named({"CD3", "CD8a", "HLA-DR", "CD56"}), {Modality::Protein, 10, 14});
  CHECK(proteins.report().where == "obsm:all");
  CHECK(proteins.report().matched == 3);
  CHECK(proteins.report().missing == std::vector<std::string>{"CD56"});
  CHECK(proteins.missing() == std::vector<std::int32_t>{13});
  CHECK(proteins.report().is_used);
  CountMatrix counts = proteins.counts(reader, 0, 2);
  CHECK(counts.gene == std::vector<std::int32_t>{10, 11, 12, 10});
  CHECK(counts.count == std::vector<float>{3, 2, 1, 5});
}

TEST_CASE("a modality of which the file has little is not used", "[unit]") {
  MemoryReader reader(matrix_of({{1}}), numbered_genes(1));
  reader.others = {{Modality::Protein, "obsm:few", {"CD3"}}};
  reader.other_counts = {matrix_of({{1}})};
  const OtherModality proteins(reader, named({"CD3", "CD8a", "HLA-DR", "CD56"}), {Modality::Protein, 0, 4});
  CHECK(proteins.report().matched == 1);
  CHECK_FALSE(proteins.report().is_used);
  CHECK(proteins.counts(reader, 0, 1).entries() == 0);
}

TEST_CASE("a stretch of chromosome takes the counts of the peaks that touch it", "[unit]") {
  MemoryReader reader(matrix_of({{1}}), numbered_genes(1));
  reader.others = {{Modality::Chromatin, "type:Peaks", {"chr1:0-10", "chr1:95-105", "chr1:200-210", "chr2:95-105", "chr1:150-160"}}};
  reader.other_counts = {matrix_of({{1, 2, 4, 8, 16}})};
  const GeneVocabulary stretches = named({"A", "B", "C"}, {"chr1:100-160", "chr1:160-205", "chr3:1-2"});
  const OtherModality chromatin(reader, stretches, {Modality::Chromatin, 0, 3});
  CHECK(chromatin.report().matched == 2);
  CHECK(dense_of(chromatin.counts(reader, 0, 1)) == Rows{{18, 4, 0}});
}

TEST_CASE("a query says which modalities it has, and is refused when it has none that the model takes", "[unit]") {
  const Model model = random_model_of_two(3);
  MemoryReader rna(matrix_of({std::vector<float>(30, 1)}), numbered_genes(30));
  CHECK(Query(rna, model).report().used() == std::vector<Modality>{Modality::Rna});
  MemoryReader both = rna;
  both.others = {{Modality::Protein, "mod:prot", {"P0", "P1", "P2", "P3", "P4"}}};
  both.other_counts = {matrix_of({{1, 2, 3, 4, 5}})};
  Query query(both, model);
  CHECK(query.report().used() == std::vector<Modality>{Modality::Rna, Modality::Protein});
  const CountMatrix expression = query.expression(0, 1);
  CHECK(expression.entries() == 37);
  CHECK(expression.count[30] == 1);
  CHECK(expression.count[36] == 1);

  CountMatrix nothing;
  nothing.row_begin = {0, 0};
  MemoryReader proteins(nothing, {});
  proteins.others = both.others;
  proteins.other_counts = both.other_counts;
  CHECK(Query(proteins, model).report().used() == std::vector<Modality>{Modality::Protein});
  CHECK(Query(proteins, model).expression(0, 1).entries() == 6);
  CHECK_THAT(error_of([&] { Query(proteins, random_model(1)); }),
             Contains("has nothing that model 'random' takes") && Contains("the file has proteins (mod:prot), the model takes RNA"));
}

TEST_CASE("a panel that lacks proteins of the model is completed; factors of an adaptation are for what was measured", "[unit]") {
  const Model model = random_model_of_two(3);
  MemoryReader some(matrix_of({std::vector<float>(30, 1)}), numbered_genes(30));
  some.others = {{Modality::Protein, "mod:prot", {"P0", "P2", "P3"}}};
  some.other_counts = {matrix_of({{10, 20, 30}})};
  Query query(some, model);
  CHECK(query.report().modalities[1].missing == std::vector<std::string>{"P1", "P4"});
  CHECK(query.report().modalities[1].is_completed);
  MemoryReader all = some;
  all.others = {{Modality::Protein, "mod:prot", {"P0", "P1", "P2", "P3", "P4"}}};
  CountMatrix counts = matrix_of({{10, 0, 20, 30, 0}});
  const PreprocessRecipe of_proteins{.blocks = {{Modality::Protein, 0, 5}}, .typical_proteins = model.recipe.typical_proteins};
  complete_panel(counts, {of_proteins, {1, 4}});
  CHECK(counts.entries() == 5);
  all.other_counts = {counts};
  CHECK_FALSE(Query(all, model).report().modalities[1].is_completed);
  CHECK(query.expression(0, 1).count == Query(all, model).expression(0, 1).count);

  GeneScaling scaling{model.genes.size(), std::vector<float>(static_cast<std::size_t>(model.genes.size()), 1), {}};
  for (const std::size_t missing : std::vector<std::size_t>{32, 35}) scaling.factor[missing] = 7;
  const CountMatrix before = query.expression(0, 1);
  query.scale(scaling);
  CHECK(query.expression(0, 1).count == before.count);
}

TEST_CASE("of several lists counts are taken before normalised values, and what was passed over is said",
          "[unit]") {
  const GeneVocabulary model = named({"CD3", "CD8a"});
  MemoryReader reader(matrix_of({{1}, {1}}), numbered_genes(1));
  reader.others = {{Modality::Protein, "obsm:clr", {"CD3", "CD8"}},
                   {Modality::Protein, "obsm:counts", {"CD3", "IgG1"}},
                   {Modality::Protein, "obsm:x", {"CD999"}}};
  reader.other_counts = {matrix_of({{0.5F, 1.25F}, {0.1F, 0}}), matrix_of({{3, 1}, {4, 1}}),
                         matrix_of({{3}, {1}})};
  const ModalityReport report = OtherModality(reader, model, {Modality::Protein, 0, 2}).report();
  CHECK(report.where == "obsm:counts");
  CHECK(report.passed_over == std::vector<std::string>{"obsm:clr"});
  CHECK(report.controls == std::vector<std::string>{"IgG1"});
  CHECK(report.missing == std::vector<std::string>{"CD8a"});
  CHECK(report.unfit.empty());
  CHECK(report.is_used);
}

TEST_CASE("peaks counted by halves are used, negative ones are not", "[unit]") {
  MemoryReader reader(matrix_of({{1}, {1}}), numbered_genes(1));
  reader.others = {{Modality::Chromatin, "obsm:atac", {"chr1:10-20", "chr1:30-40"}}};
  const GeneVocabulary peaks{{"chr1:10-20", "chr1:30-40"}, {"chr1:10-20", "chr1:30-40"}};
  for (const auto& [value, is_used] : {std::pair(0.5F, true), std::pair(-0.5F, false)}) {
    reader.other_counts = {matrix_of({{value, 2}, {1, 0}})};
    CHECK(OtherModality(reader, peaks, {Modality::Chromatin, 0, 2}).report().is_used == is_used);
  }
}

TEST_CASE("proteins that were normalised already are not used, and why is said", "[unit]") {
  MemoryReader reader(matrix_of({{1}, {1}}), numbered_genes(1));
  reader.others = {{Modality::Protein, "obsm:clr", {"CD3", "CD8"}}};
  for (const auto& [value, why] : {std::pair(0.5F, "not whole numbers, the largest seen is 2"),
                                   std::pair(-0.5F, "negative values, down to -0.5")}) {
    reader.other_counts = {matrix_of({{value, 2}, {1, 0}})};
    const ModalityReport report =
        OtherModality(reader, named({"CD3", "CD8a"}), {Modality::Protein, 0, 2}).report();
    CHECK_FALSE(report.is_used);
    CHECK(report.matched == 2);
    CHECK_THAT(report.unfit, Contains("normalised already") && Contains(why));
  }
  // Corrected counts are counts.
  reader.other_counts = {matrix_of({{0.5F, 200}, {1, 0}})};
  CHECK(OtherModality(reader, named({"CD3", "CD8a"}), {Modality::Protein, 0, 2}).report().is_used);
}

TEST_CASE("a modality that is set aside is as if it was not measured, and is said to be there", "[unit]") {
  const Model model = random_model_of_two(3);
  MemoryReader both(matrix_of({std::vector<float>(30, 1)}), numbered_genes(30));
  both.others = {{Modality::Protein, "mod:prot", {"P0", "P1", "P2", "P3", "P4"}}};
  both.other_counts = {matrix_of({{1, 2, 3, 4, 5}})};
  MemoryReader rna(matrix_of({std::vector<float>(30, 1)}), numbered_genes(30));
  Query set_aside(both, model, {.without = {Modality::Protein}}), absent(rna, model);
  const ModalityReport& report = set_aside.report().modalities.at(1);
  CHECK(report.is_set_aside);
  CHECK_FALSE(report.is_used);
  CHECK(report.where == "mod:prot");
  CHECK_FALSE(absent.report().modalities.at(1).is_set_aside);
  CHECK(dense_of(set_aside.expression(0, 1)) == dense_of(absent.expression(0, 1)));
  Query proteins(both, model, {.without = {Modality::Rna}});
  CHECK(proteins.report().modalities.at(0).is_set_aside);
  CHECK(proteins.report().used() == std::vector<Modality>{Modality::Protein});
}

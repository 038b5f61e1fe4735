#include "shared/explain/walk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

test::MemoryReader reader_of_some_cells() {
  std::mt19937_64 rng(12);
  return {test::random_counts(rng, 30, 50, 0.4), test::numbered_genes(50)};
}

}  // namespace

TEST_CASE("a walk without noise shows what annotate does to the cell", "[unit]") {
  const Model model = test::random_model(2);
  test::MemoryReader reader = reader_of_some_cells();
  Query query(reader, model);
  const Walk walked = walk(query, model, 7, {.genes = 5});
  const CountMatrix expression = query.expression(7, 8);
  const StudentOutput output = run_student(model.student, expression, StudentTask::LabelAndExplain);
  CHECK(walked.hidden == output.latent);
  CHECK(walked.patterns == output.patterns);
  const Annotations alone = annotate(model, expression);
  CHECK(walked.label.kind == alone.kind);
  CHECK(walked.label.best == alone.best);
  CHECK(walked.probabilities[static_cast<std::size_t>(alone.best[0])] == alone.probability[0]);
  CHECK(std::accumulate(walked.probabilities.begin(), walked.probabilities.end(), 0.0F) == Approx(1));

  const std::vector<float> counts = test::dense_of(query.counts(7, 8))[0];
  CHECK(walked.library == library_sizes(query.counts(7, 8))[0]);
  CHECK(walked.detected == query.counts(7, 8).entries());
  REQUIRE(walked.genes.size() == 5);
  for (std::size_t at = 0; at < 5; ++at) {
    const auto gene = static_cast<std::size_t>(std::stoi(walked.genes[at].name.substr(1)));
    CHECK(gene < 37);  // of the model
    CHECK(walked.genes[at].count == counts[gene]);
    if (at > 0) CHECK(walked.genes[at].value <= walked.genes[at - 1].value);
  }
}

TEST_CASE("of several modalities a walk shows what was measured, with its own counts", "[unit]") {
  const Model model = test::random_model_of_two(3);
  test::MemoryReader reader(test::matrix_of({std::vector<float>(30, 1)}), test::numbered_genes(30));
  reader.others = {{Modality::Protein, "mod:prot", {"P3", "P1"}}};
  reader.other_counts = {test::matrix_of({{500, 90}})};
  Query query(reader, model);
  const Walk walked = walk(query, model, 0, {.genes = 100});
  REQUIRE(walked.genes.size() == 32);  // no flags, and no proteins but these
  const std::vector<float> expression = test::dense_of(query.expression(0, 1))[0];
  CHECK(std::count_if(walked.genes.begin(), walked.genes.end(), [](const WalkGene& gene) { return gene.name == "P3" || gene.name == "P1"; }) == 2);
  for (const WalkGene& gene : walked.genes) {
    if (gene.name[0] == 'G') CHECK(gene.count == 1);
    if (gene.name == "P3") CHECK((gene.count == 500 && gene.value == expression[34]));
    if (gene.name == "P1") CHECK((gene.count == 90 && gene.value == expression[32]));
  }
}

TEST_CASE("noisy labels without noise are annotate's, and with noise those of the cells' walks", "[property]") {
  const Model model = test::random_model(2);
  test::MemoryReader reader = reader_of_some_cells();
  Query query(reader, model);
  const Annotations plain = annotate(model, query.expression(5, 30));
  const Annotations same = annotate_noisy(query, model, 5, 30, {});
  CHECK(same.best == plain.best);
  CHECK(same.probability == plain.probability);
  CHECK(same.map == plain.map);

  const Noise noise{.depth = 0.4, .dropout = 0.2, .seed = 9};
  const Annotations noisy = annotate_noisy(query, model, 5, 30, noise);
  CHECK(noisy.probability != plain.probability);
  for (std::int64_t cell = 5; cell < 30; ++cell) {
    const Walk walked = walk(query, model, cell, {.noise = noise});
    CHECK(walked.label.probability[0] == noisy.probability[static_cast<std::size_t>(cell - 5)]);
    CHECK(walked.library < library_sizes(query.counts(cell, cell + 1))[0]);
  }
}

TEST_CASE("a cell that loses everything is unknown, not an error", "[unit]") {
  const Model model = test::random_model(2);
  test::MemoryReader reader = reader_of_some_cells();
  Query query(reader, model);
  const Walk walked = walk(query, model, 3, {.noise = {.depth = 0}});
  CHECK(walked.library == 0);
  CHECK(walked.genes.empty());
  CHECK(walked.label.kind[0] == LabelKind::Unknown);
}

}  // namespace plkd

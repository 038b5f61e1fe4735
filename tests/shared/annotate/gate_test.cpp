#include "shared/annotate/gate.h"

#include <catch2/catch.hpp>

#include "shared/annotate/annotate.h"
#include "shared/error.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// Twenty genes of human with their names in mouse, every other one beginning with A.
std::vector<std::string> symbols(bool is_mouse, std::size_t genes = 20) {
  std::vector<std::string> names;
  for (std::size_t gene = 0; gene < genes; ++gene) {
    const char letter = static_cast<char>('A' + gene);
    names.push_back(is_mouse ? std::string("Gen") + static_cast<char>(letter + 32) : std::string("GEN") + letter);
  }
  return names;
}

Model human_model() {
  Model model = test::random_model(1, 20, 3);
  model.card.organism = "Homo sapiens";
  model.genes = vocabulary_from_names(symbols(false));
  return model;
}

test::MemoryReader cells_with(const std::vector<std::string>& names) {
  std::mt19937_64 rng(2);
  return {test::random_counts(rng, 10, static_cast<std::int64_t>(names.size()), 0.5), vocabulary_from_names(names)};
}

}  // namespace

TEST_CASE("a query of the model's organism with all its genes passes", "[unit]") {
  test::MemoryReader reader = cells_with(symbols(false));
  const Query query(reader, human_model());
  CHECK(query.report().verdict.passes());
  CHECK(query.report().verdict.reasons().empty());
  CHECK(no_promise_because(query.report()).empty());
  CHECK(query.report().organism.organism == Organism::Human);
}

TEST_CASE("a mouse matrix on a human model is refused with another model as the remedy", "[unit]") {
  test::MemoryReader reader = cells_with(symbols(true));
  CHECK_THROWS_WITH(Query(reader, human_model()), Catch::Contains("the genes are of mouse") && Catch::Contains("the model is of human") &&
                                                      Catch::Contains("use a model of mouse") && Catch::Contains("--force"));
}

TEST_CASE("where the model knows orthologues they are offered, and with them the query passes", "[unit]") {
  Model model = human_model();
  for (const std::string& name : symbols(true)) model.genes.orthologue.push_back({name});
  test::MemoryReader reader = cells_with(symbols(true));
  CHECK_THROWS_WITH(Query(reader, model), Catch::Contains("; map them to the model's by --orthologues"));
  const Query query(reader, model, {Orthologues::Use});
  CHECK(query.report().verdict.passes());
  CHECK(query.report().alignment.matched_by_orthologue == 20);
  CHECK_THAT(no_promise_because(query.report()), Catch::Contains("another organism"));
  CHECK_THROWS_WITH(Query(reader, human_model(), {Orthologues::Use}), Catch::Contains("knows no orthologues"));
}

TEST_CASE("a gate that only reports keeps what it set aside", "[unit]") {
  test::MemoryReader reader = cells_with(symbols(true));
  Query query(reader, human_model(), {Orthologues::Ignore, Gate::Report});
  CHECK_FALSE(query.report().verdict.passes());
  REQUIRE(query.report().verdict.reasons().size() == 1);
  CHECK_THAT(query.report().verdict.reasons()[0], Catch::Contains("mouse"));
  CHECK_THAT(no_promise_because(query.report()), Catch::Contains("mouse"));
  CHECK(query.expression(0, 10).cells() == 10);
}

TEST_CASE("cells of two organisms are refused, and with force only the model's genes are used", "[unit]") {
  std::vector<std::string> both;
  for (const std::string& name : symbols(false)) both.push_back("GRCh38_" + name);
  for (const std::string& name : symbols(true)) both.push_back("mm10___" + name);
  test::MemoryReader reader = cells_with(both);
  CHECK_THROWS_WITH(Query(reader, human_model()), Catch::Contains("human and mouse") && Catch::Contains("one organism"));
  const Query query(reader, human_model(), {Orthologues::Ignore, Gate::Report});
  CHECK(query.report().alignment.matched() == 20);
  CHECK(query.report().alignment.merged == 0);
}

TEST_CASE("a panel too small for the promise is refused, a larger one is not", "[unit]") {
  const auto verdict_with = [](std::int64_t matched) {
    const OrganismGuess organism;
    const Inspection inspection;
    AlignmentReport alignment;
    alignment.model_genes = 1000;
    alignment.matched_by_symbol = matched;
    return judge({organism, alignment, inspection}, human_model());
  };
  const auto at = [](double share) { return static_cast<std::int64_t>(1000 * share); };
  CHECK(verdict_with(at(kSmallestPanel)).passes());
  REQUIRE(verdict_with(at(kSmallestPanel) - 1).problems.size() == 1);
  CHECK(verdict_with(at(kSmallestPanel) - 1).problems[0].reason == GateReason::SmallPanel);
  CHECK(verdict_with(at(kFewestGenes) - 1).problems[0].reason == GateReason::FewGenes);
}

TEST_CASE("scaled values are refused with the remedy", "[unit]") {
  CountMatrix scaled = test::matrix_of(std::vector<std::vector<float>>(4, std::vector<float>(20, 0.25F)));
  for (std::size_t entry = 0; entry < scaled.count.size(); entry += 3) scaled.count[entry] = -1.5F;
  test::MemoryReader reader(scaled, vocabulary_from_names(symbols(false)));
  CHECK_THROWS_WITH(Query(reader, human_model()), Catch::Contains("negative values") && Catch::Contains("raw.X"));
}

}  // namespace plkd

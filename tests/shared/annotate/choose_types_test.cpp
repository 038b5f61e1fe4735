#include "shared/annotate/choose_types.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "shared/annotate/annotate.h"
#include "tests/support/matrices.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// T0 and T1 below "lymphocyte", T2 and T3 without ids; T3 has a comma in its name.
Model model_with_ontology() {
  Model model = test::random_model(1, 37, 4);
  model.classes[0].ontology_id = "CL:1";
  model.classes[1].ontology_id = "CL:2";
  model.classes[3].name = "naive, CD4";
  Ontology ontology;
  ontology.terms = {{"CL:0", "cell", {}}, {"CL:1", "T0", {3}}, {"CL:2", "T1", {3}}, {"CL:9", "lymphocyte", {0}}};
  set_ontology(model, ontology);
  return model;
}

}  // namespace

TEST_CASE("types are chosen by name, id or broader term, in any case and with commas between them", "[unit]") {
  const Model model = model_with_ontology();
  CHECK(choose_types(model, {}).empty());
  CHECK(choose_types(model, {"t2"}) == std::vector<char>{0, 0, 1, 0});
  CHECK(choose_types(model, {"cl:2, T2"}) == std::vector<char>{0, 1, 1, 0});
  CHECK(choose_types(model, {"Lymphocyte"}) == std::vector<char>{1, 1, 0, 0});
  CHECK(choose_types(model, {"CL:9", "T2"}) == std::vector<char>{1, 1, 1, 0});
  CHECK(choose_types(model, {"naive, CD4"}) == std::vector<char>{0, 0, 0, 1});
}

TEST_CASE("a name that no type has is refused with the nearest", "[unit]") {
  const Model model = model_with_ontology();
  CHECK_THROWS_WITH(choose_types(model, {"naive CD4"}), Catch::Contains("'naive CD4'") && Catch::Contains("the nearest are 'naive, CD4'"));
  CHECK_THROWS_WITH(choose_types(model, {"T0,,T1"}), Catch::Contains("no type ''"));
}

TEST_CASE("impossible types have no probability, and the others share it", "[unit]") {
  Model model = test::random_model(5, 37, 4);
  model.broader = {{"CL:8", "pair", {0, 2}}, {"CL:9", "trio", {0, 1, 2}}};
  model.calibration.unknown_above = 1;
  const CountMatrix cells = test::matrix_of({{1}});
  const StudentOutput output{{5, 1, 2, 3}, {}, {0, 0}};
  const std::vector<char> possible = {0, 1, 1, 0};
  const Annotations annotations = decide(model, output, cells, {.is_possible = possible});
  CHECK(annotations.best[0] == 2);
  CHECK(annotations.second[0] == 1);
  CHECK(annotations.probability[0] == Approx(1 / (1 + std::exp(-1.0))));
  CHECK(annotations.probability[0] + annotations.second_probability[0] == Approx(1));

  const std::vector<char> one = {0, 0, 1, 0};
  const Annotations alone = decide(model, output, cells, {.is_possible = one});
  CHECK(alone.best[0] == 2);
  CHECK(alone.second[0] == -1);
  CHECK(alone.probability[0] == 1);
}

TEST_CASE("that all types are possible changes nothing", "[property]") {
  std::mt19937_64 rng(7);
  const Model model = test::random_model(8);
  const CountMatrix cells = test::random_counts(rng, 40, 37, 0.4);
  const Annotations plain = annotate(model, cells), all = annotate(model, cells, {.is_possible = std::vector<char>(5, 1)});
  CHECK(plain.best == all.best);
  CHECK(plain.second == all.second);
  CHECK(plain.label_probability == all.label_probability);
}

}  // namespace plkd

#include "shared/annotate/confusion.h"

#include <catch2/catch.hpp>

#include "tests/support/random_model.h"

namespace plkd {

namespace {

// cell > lymphocyte > T cell > CD4 (T0), CD8 (T1); cell > monocyte (T2); T3 has no term.
Model model_of_blood() {
  Model model = test::random_model(1, 37, 4);
  model.classes[0].ontology_id = "CL:4";
  model.classes[1].ontology_id = "CL:8";
  model.classes[2].ontology_id = "CL:14";
  Ontology ontology;
  ontology.terms = {{"CL:0", "cell", {}}, {"CL:1", "lymphocyte", {0}}, {"CL:14", "monocyte", {0}},
                    {"CL:3", "T cell", {1}}, {"CL:4", "CD4 T cell", {3}}, {"CL:8", "CD8 T cell", {3}}};
  set_ontology(model, ontology);
  return model;
}

}  // namespace

TEST_CASE("labels agree by the ontology", "[unit]") {
  const Model model = model_of_blood();
  const LabelName cd4 = {"T0", "CL:4"}, t_cell = {"T cell", "CL:3"};
  CHECK(agreement_of(model, cd4, "T0") == Agreement::Exact);
  CHECK(agreement_of(model, cd4, "CD4 T cell") == Agreement::Exact);
  CHECK(agreement_of(model, cd4, "CL:4") == Agreement::Exact);
  CHECK(agreement_of(model, t_cell, "T1") == Agreement::Broader);
  CHECK(agreement_of(model, cd4, "lymphocyte") == Agreement::Narrower);
  CHECK(agreement_of(model, cd4, "T1") == Agreement::Sibling);
  CHECK(agreement_of(model, cd4, "monocyte") == Agreement::Other);
  CHECK(agreement_of(model, cd4, "my cluster 7") == Agreement::Unplaced);
  CHECK(agreement_of(model, {"T3", ""}, "T0") == Agreement::Unplaced);
  CHECK(agreement_of(model, {"unknown", ""}, "T0") == Agreement::Unknown);
}

TEST_CASE("the confusion counts cells by given label and ours", "[unit]") {
  const Model model = model_of_blood();
  Confusion confusion(model);
  Annotations annotations;
  annotations.kind = {LabelKind::Type, LabelKind::Type, LabelKind::Unknown, LabelKind::Type};
  annotations.best = {0, 1, 0, 0};
  annotations.term = {-1, -1, -1, -1};
  confusion.add(annotations, {"T0", "a, b", "T0", ""});
  CHECK(confusion.csv() == "given,T0,T1,unknown\nT0,1,0,1\n\"a, b\",0,1,0\n");
  CHECK(confusion.to_json() == nlohmann::json{{"exact", 1}, {"unplaced", 1}, {"unknown", 1}});
}

}  // namespace plkd

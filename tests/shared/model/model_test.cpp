#include "shared/model/model.h"

#include <algorithm>
#include <numeric>
#include <string>

#include <catch2/catch.hpp>

#include "shared/error.h"
#include "shared/model/onnx.h"
#include "shared/model/run_graph.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/support/matrices.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// A model file whose description was changed by hand.
std::string edited(const Model& model, const std::string& from, const std::string& to) {
  onnx::Graph graph = onnx::decode(encode_model(model), "test");
  std::string& description = graph.metadata.at("plkd");
  const std::size_t at = description.find(from);
  REQUIRE(at != std::string::npos);
  description.replace(at, from.size(), to);
  return onnx::encode(graph);
}

}  // namespace

TEST_CASE("a model survives its file unchanged", "[unit]") {
  Model model = test::random_model(1);
  model.card = {"blood", "human", "blood", "MIT", {"one", "two"}, {{"accuracy", 0.9}}};
  model.classes[0].ontology_id = "CL:0000624";
  model.genes.alias.assign(37, {});
  model.genes.alias[3] = {"OLD3", "OLDER3"};
  model.genes.orthologue.assign(37, {"g"});
  model.recipe.target_sum = 5000;
  model.calibration.temperature = 1.5F;
  test::add_novelty(model, 2);
  model.calibration.likeness = 0.512F;
  model.class_means.assign(5 * 37, 0.25F);
  model.provenance = {{"seed", 7}};
  const std::string bytes = encode_model(model);
  const Model again = decode_model(bytes, "test");
  CHECK(again.card.sources == model.card.sources);
  CHECK(again.card.scores == model.card.scores);
  CHECK(again.genes.symbol == model.genes.symbol);
  CHECK(again.genes.alias == model.genes.alias);
  CHECK(again.genes.orthologue == model.genes.orthologue);
  CHECK(again.classes[0].ontology_id == "CL:0000624");
  CHECK(again.recipe.target_sum == 5000);
  CHECK(again.calibration.novelty_quantiles == model.calibration.novelty_quantiles);
  CHECK(again.calibration.novelty.whitening == model.calibration.novelty.whitening);
  CHECK(again.calibration.novelty.centre == model.calibration.novelty.centre);
  CHECK(again.calibration.likeness == model.calibration.likeness);
  CHECK(again.student.hidden[1].weight == model.student.hidden[1].weight);
  CHECK(again.student.norm[0].gain == model.student.norm[0].gain);
  CHECK(again.student.patterns.weight == model.student.patterns.weight);
  CHECK(again.patterns[0].weight == model.patterns[0].weight);
  CHECK(again.patterns[2].weight.empty());
  CHECK(encode_model(again) == bytes);
}

TEST_CASE("a model without other names of its genes writes none, and too few lists are damage", "[unit]") {
  Model model = test::random_model(1);
  CHECK_FALSE(description_of(model)["genes"].contains("alias"));
  CHECK(decode_model(encode_model(model), "test").genes.orthologue.empty());
  model.genes.alias = {{"OLD"}};
  CHECK_THROWS_WITH(encode_model(model), Catch::Contains("aliases"));
}

TEST_CASE("promise, ontology and class means survive the file", "[unit]") {
  Model model = test::random_model(9, 37, 3);
  model.classes[0].ontology_id = "X:2";
  model.classes[1].ontology_id = "X:3";
  model.classes[2].ontology_id = "X:4";
  set_ontology(model, {{{"X:0", "cell", {}}, {"X:1", "lymphocyte", {0}}, {"X:2", "T cell", {1}}, {"X:3", "B cell", {1}},
                        {"X:4", "monocyte", {0}}, {"X:5", "neuron", {0}}}});
  model.calibration.promise = {{{0.05, 0.82F, 0.043, 0.91, 0.04}}, {{0.5, {0.043}}, {0.71, {0.12}}}, 400};
  model.class_means.assign(3 * 37, 0);
  model.class_means[40] = 12.3F;
  const std::string bytes = encode_model(model);
  const Model again = decode_model(bytes, "test");
  CHECK(again.ontology.terms.size() == 5);  // no neuron
  REQUIRE(again.broader.size() == 1);
  CHECK(again.broader[0].name == "lymphocyte");
  CHECK(again.calibration.promise.settings[0].least_probability == 0.82F);
  CHECK(again.calibration.promise.shifts[1].error[0] == 0.12);
  CHECK(again.class_means == model.class_means);
  CHECK(encode_model(again) == bytes);

  CHECK_THROWS_WITH(decode_model(edited(model, "\"parents\":[0]", "\"parents\":[9]"), "m.onnx"), Catch::Contains("ontology"));
  CHECK_THROWS_WITH(decode_model(edited(model, "\"error\":[0.12]", "\"error\":[0.12,1]"), "m.onnx"), Catch::Contains("promise"));
  CHECK_THROWS_WITH(decode_model(edited(model, "12.3,", ""), "m.onnx"), Catch::Contains("class means"));
  CHECK_THROWS_WITH(decode_model(edited(model, "12.3", "-1.0"), "m.onnx"), Catch::Contains("class means"));
}

TEST_CASE("a file of version 1, without promise, ontology and class means, still reads", "[unit]") {
  const Model model = test::random_model(10);
  const std::string none = "\"promise\":{\"cells\":0,\"settings\":[],\"shifts\":[]},";
  onnx::Graph graph = onnx::decode(edited(model, none, ""), "test");
  std::string& description = graph.metadata.at("plkd");
  description.replace(description.find("\"version\":2"), 11, "\"version\":1");
  const Model old = decode_model(onnx::encode(graph), "old.onnx");
  CHECK(old.calibration.promise.settings.empty());
  CHECK(old.broader.empty());
  CHECK(old.class_means.empty());
}

TEST_CASE("the graph in the file computes what the student computes", "[golden]") {
  std::mt19937_64 rng(2);
  Model model = test::random_model(3);
  if (GENERATE(true, false)) model.student.norm.clear();
  if (GENERATE(true, false)) model.student.direct = {};
  const CountMatrix expression = test::random_counts(rng, 8, model.genes.size(), 0.3);
  std::vector<float> dense;
  for (const std::vector<float>& row : test::dense_of(expression)) dense.insert(dense.end(), row.begin(), row.end());
  const onnx::Graph graph = onnx::decode(encode_model(model), "test");
  const auto outputs = onnx::run_graph(graph, {{"rna", dense}}, expression.cells());
  const StudentOutput ours = run_student(model.student, expression, StudentTask::LabelAndExplain);
  REQUIRE(outputs.at("logits").size() == ours.logits.size());
  constexpr double kTolerance = 1e-5;  // float sums against double, values of order 1
  for (std::size_t at = 0; at < ours.logits.size(); ++at)
    CHECK(ours.logits[at] == Approx(outputs.at("logits")[at]).margin(kTolerance));
  for (std::size_t at = 0; at < ours.map.size(); ++at)
    CHECK(ours.map[at] == Approx(outputs.at("map")[at]).margin(kTolerance));
  REQUIRE(outputs.at("patterns").size() == ours.patterns.size());
  for (std::size_t at = 0; at < ours.patterns.size(); ++at)
    CHECK(ours.patterns[at] == Approx(outputs.at("patterns")[at]).margin(kTolerance));
}

TEST_CASE("the graph of two modalities flags what is there and says what the Student says", "[unit]") {
  const Model model = test::random_model_of_two(11);
  std::mt19937_64 rng(4);
  CountMatrix counts = test::random_counts(rng, 9, model.genes.size(), 0.4);
  // Cells with both, with RNA alone, with proteins alone and with nothing.
  const std::vector<std::vector<float>> drawn = test::dense_of(counts);
  std::vector<std::vector<float>> rows = drawn;
  for (std::size_t cell = 0; cell < rows.size(); ++cell)
    for (std::size_t feature = 0; feature < rows[cell].size(); ++feature)
      if ((cell % 4 == 1 && feature > 30) || (cell % 4 == 2 && feature <= 30) || cell % 4 == 3) rows[cell][feature] = 0;
  counts = test::matrix_of(rows);
  std::vector<double> library;
  for (const std::vector<float>& row : rows) library.push_back(std::accumulate(row.begin(), row.begin() + 30, 0.0));
  log_normalise(counts, library, model.recipe);
  std::vector<float> rna, adt;
  for (const std::vector<float>& row : test::dense_of(counts)) {
    rna.insert(rna.end(), row.begin(), row.begin() + 30);
    adt.insert(adt.end(), row.begin() + 31, row.begin() + 36);
  }
  const onnx::Graph graph = onnx::decode(encode_model(model), "test");
  const auto outputs = onnx::run_graph(graph, {{"rna", rna}, {"adt", adt}}, counts.cells());
  const StudentOutput ours = run_student(model.student, counts);
  for (std::size_t at = 0; at < ours.logits.size(); ++at)
    CHECK(ours.logits[at] == Approx(outputs.at("logits")[at]).margin(1e-5));
}

TEST_CASE("a model of two modalities survives its file, and calibrates itself for what a file has", "[unit]") {
  Model model = test::random_model_of_two(12);
  PartialCalibration partial{{Modality::Rna}, model.calibration, 0.75, 0.5};
  partial.calibration.temperature = 2.5F;
  model.partial.push_back(partial);
  const std::string bytes = encode_model(model);
  Model again = decode_model(bytes, "test");
  CHECK(encode_model(again) == bytes);
  REQUIRE(again.recipe.blocks.size() == 2);
  CHECK(again.recipe.blocks[1].modality == Modality::Protein);
  CHECK(again.recipe.blocks[1].first == 31);
  CHECK(again.recipe.blocks[1].end == 36);
  CHECK(again.recipe.typical_proteins == std::vector<float>{-0.5F, -0.25F, 0, 0.25F, 0.5F});
  CHECK(again.partial[0].accuracy == 0.75);
  calibrate_for(again, {Modality::Rna, Modality::Protein});
  CHECK(again.calibration.temperature == 1);
  calibrate_for(again, {Modality::Rna});
  CHECK(again.calibration.temperature == 2.5F);
  again.calibration.promise.settings = {{0.05, 0.5F, 0.05, 0.9, 0}};
  calibrate_for(again, {Modality::Rna, Modality::Protein});
  CHECK(again.calibration.promise.settings.size() == 1);
  calibrate_for(again, {Modality::Protein});  // which nobody measured
  CHECK(again.calibration.promise.settings.empty());
  CHECK_THROWS_AS(decode_model(edited(model, "\"clr\"", "\"dsb\""), "test"), Error);
  CHECK_THROWS_AS(decode_model(edited(model, "\"features\":5", "\"features\":6"), "test"), Error);
  CHECK_THROWS_WITH(decode_model(edited(model, "\"typical\":[-0.5,", "\"typical\":["), "test"), Catch::Contains("typical values"));
}

TEST_CASE("a Student without LayerNorm, direct layer and patterns survives its file too", "[unit]") {
  Model model = test::random_model(9);
  model.student.direct = {};
  model.student.patterns = {};
  model.student.norm.clear();
  const std::string bytes = encode_model(model);
  const Model again = decode_model(bytes, "test");
  CHECK(again.student.pattern_count() == 0);
  CHECK(again.student.norm.empty());
  CHECK(encode_model(again) == bytes);
}

TEST_CASE("a pattern layer that fits no list of patterns is refused", "[unit]") {
  const Model model = test::random_model(10);
  CHECK_THROWS_WITH(decode_model(edited(model, "{\"genes\":[3,4],\"name\":\"last two\",\"weight\":[1.0,2.0]},", ""), "m.onnx"),
                    Catch::Contains("patterns"));
}

TEST_CASE("a file cut short at any place is refused, never half read", "[property]") {
  const std::string bytes = encode_model(test::random_model(4));
  for (std::size_t length = 0; length < bytes.size(); length += 97)
    CHECK_THROWS_AS(decode_model(std::string_view(bytes).substr(0, length), "short.onnx"), Error);
}

TEST_CASE("a flipped bit in the weights is found", "[unit]") {
  const Model model = test::random_model(5);
  onnx::Graph graph = onnx::decode(encode_model(model), "test");
  graph.initialisers[0].values[3] += 0.25F;
  CHECK_THROWS_WITH(decode_model(onnx::encode(graph), "bent.onnx"), Catch::Contains("bent.onnx") && Catch::Contains("weights"));
}

TEST_CASE("an edited graph is refused, so no engine can run another network", "[unit]") {
  onnx::Graph graph = onnx::decode(encode_model(test::random_model(6)), "test");
  graph.nodes[2].op = "Mul";
  CHECK_THROWS_WITH(decode_model(onnx::encode(graph), "edited.onnx"), Catch::Contains("graph"));
}

TEST_CASE("what a model file must not hold is refused by name", "[unit]") {
  const Model model = test::random_model(7);
  CHECK_THROWS_WITH(decode_model(edited(model, "\"normalise\":\"log1p\"", "\"normalise\":\"log2\""), "m.onnx"),
                    Catch::Contains("log2"));
  CHECK_THROWS_WITH(decode_model(edited(model, "\"target_sum\"", "\"clip\":3,\"target_sum\""), "m.onnx"),
                    Catch::Contains("unknown key 'clip'"));
  CHECK_THROWS_WITH(decode_model(edited(model, "\"version\":2", "\"version\":3"), "m.onnx"), Catch::Contains("newer"));
  CHECK_THROWS_WITH(decode_model(edited(model, "mlp-v1:37-18", "mlp-v1:38-18"), "m.onnx"),
                    Catch::Contains("mlp-v1:38-18-7-5+direct+3") && Catch::Contains("mlp-v1:37-18-7-5+direct+3"));
  CHECK_THROWS_WITH(decode_model("this is text, not a model", "notes.txt"), Catch::Contains("notes.txt: not a model file"));
}

TEST_CASE("whole numbers and lists survive an ONNX file, and are no weights", "[unit]") {
  onnx::Graph graph = onnx::decode(encode_model(test::random_model(1)), "test");
  graph.initialisers.push_back({"which", {2, 2}, {}, {0, -1, 1, std::int64_t{1} << 40}});
  graph.nodes.push_back({"Transpose", {"x"}, {"y"}, {}, {}, {{"perm", {2, 0, 1}}}});
  const onnx::Graph again = onnx::decode(onnx::encode(graph), "test");
  CHECK(again.initialisers.back().integers == graph.initialisers.back().integers);
  CHECK(again.initialisers.back().shape == std::vector<std::int64_t>{2, 2});
  CHECK(again.nodes.back().lists == graph.nodes.back().lists);

  for (onnx::Tensor& tensor : graph.initialisers)
    if (tensor.name == "head.bias") tensor = {"head.bias", tensor.shape, {}, std::vector<std::int64_t>(5, 1)};
  CHECK_THROWS_WITH(decode_model(onnx::encode(graph), "test"), Catch::Contains("'head.bias' holds whole numbers"));
}

TEST_CASE("an ONNX file of somebody else is named as such", "[unit]") {
  onnx::Graph graph;
  graph.name = "someone else's";
  CHECK_THROWS_WITH(decode_model(onnx::encode(graph), "other.onnx"), Catch::Contains("not a plkd model"));
}

TEST_CASE("a model describes itself in twelve lines", "[unit]") {
  const std::string text = describe(test::random_model(8));
  CHECK(std::count(text.begin(), text.end(), '\n') == 12);
  CHECK(text.find("T0 (10)") != std::string::npos);
}

}  // namespace plkd

#include "shared/annotate/annotate.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "shared/annotate/scores.h"
#include "shared/error.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// A student's output by hand: two classes, one row of logits a cell.
StudentOutput output_of(const std::vector<float>& logits, std::size_t cells) {
  return {logits, {}, std::vector<float>(cells * 2)};
}

}  // namespace

TEST_CASE("a query is annotated the same in whatever ranges it is read", "[property]") {
  std::mt19937_64 rng(1);
  const Model model = test::random_model(2);
  test::MemoryReader reader(test::random_counts(rng, 30, 50, 0.3), test::numbered_genes(50));
  Query query(reader, model);
  CHECK(query.report().alignment.matched() == 37);
  const Annotations whole = annotate(model, query.expression(0, 30));
  for (std::int64_t cell = 0; cell < 30; ++cell) {
    const Annotations alone = annotate(model, query.expression(cell, cell + 1));
    CHECK(alone.best[0] == whole.best[static_cast<std::size_t>(cell)]);
    CHECK(alone.probability[0] == whole.probability[static_cast<std::size_t>(cell)]);
  }
}

TEST_CASE("the library counts genes the model lacks", "[unit]") {
  const Model model = test::random_model(3);
  std::vector<float> row(38, 0);
  row[0] = 1;
  row[37] = 3;  // G37 is not a gene of the model
  test::MemoryReader reader(test::matrix_of({row}), test::numbered_genes(38));
  const CountMatrix expression = Query(reader, model).expression(0, 1);
  REQUIRE(expression.entries() == 1);
  CHECK(expression.count[0] == Approx(std::log1p(2500.0)));
}

TEST_CASE("a query without the model's genes is refused with the remedy", "[unit]") {
  const Model model = test::random_model(4);
  test::MemoryReader reader(test::matrix_of({{1, 2}}), vocabulary_from_names({"X", "Y"}));
  CHECK_THROWS_WITH(Query(reader, model), Catch::Contains("only 0 of the model's 37 genes") && Catch::Contains("organism"));
}

TEST_CASE("best and second come by logit, the first of equals wins", "[unit]") {
  const Model model = test::random_model(5, 37, 3);
  const CountMatrix cells = test::matrix_of({{1}, {1}, {1}});
  const Annotations annotations = decide(model, output_of({1, 3, 2, 5, 5, 5, -1, -3, -2}, 3), cells);
  CHECK(annotations.best == std::vector<std::int32_t>{1, 0, 0});
  CHECK(annotations.second == std::vector<std::int32_t>{2, 1, 2});
  CHECK(annotations.probability[1] == Approx(1.0 / 3));
}

TEST_CASE("an empty cell is unknown", "[unit]") {
  const Model model = test::random_model(6, 37, 3);
  const Annotations annotations = decide(model, output_of({9, 0, 0, 9, 0, 0}, 2), test::matrix_of({{0}, {1}}));
  CHECK(annotations.kind == std::vector<LabelKind>{LabelKind::Unknown, LabelKind::Type});
  CHECK(annotations.unknown_score[0] == 1);
}

TEST_CASE("a cell between two types gets the term above both, at the error rate that asks for it", "[unit]") {
  Model model = test::random_model(6, 37, 3);
  model.calibration.unknown_above = 1;
  model.broader = {{"CL:0000084", "T cell", {0, 1}}};
  model.calibration.promise = {{{0.05, 0.8F, 0.04, 1, 0.1}, {0.1, 0.4F, 0.08, 1, 0}}, {{0.5, {0.04, 0.08}}}, 1000};
  // Probabilities 0.5, 0.5, 0 (nearly), then 1/3 each.
  const StudentOutput output = output_of({9, 9, 0, 5, 5, 5}, 2);
  const CountMatrix cells = test::matrix_of({{1}, {1}});
  const Annotations careful = decide(model, output, cells, {0.05});
  CHECK(careful.kind == std::vector<LabelKind>{LabelKind::Broader, LabelKind::Unknown});
  CHECK(careful.term == std::vector<std::int32_t>{0, -1});
  CHECK(careful.label_probability[0] == Approx(1).margin(1e-3));
  CHECK(label_of(model, careful, 0, UnknownPolicy::Allow).name == "T cell");
  CHECK(label_of(model, careful, 0, UnknownPolicy::LabelAll).name == "T0");
  const Annotations lax = decide(model, output, cells, {0.1});
  CHECK(lax.kind == std::vector<LabelKind>{LabelKind::Type, LabelKind::Broader});
}

TEST_CASE("labels at several error rates are those at each alone", "[property]") {
  std::mt19937_64 rng(31);
  Model model = test::random_model(9, 37, 4);
  model.calibration.unknown_above = 0.7F;
  model.broader = {{"CL:1", "pair", {0, 1}}, {"CL:2", "all", {0, 1, 2, 3}}};
  model.calibration.promise = {{{0.02, 0.9F, 0.02, 0.5, 0.2}, {0.05, 0.5F, 0.05, 0.8, 0.1}, {0.2, 0.3F, 0.2, 1, 0}}, {{0.5, {0.02, 0.05, 0.2}}}, 1000};
  const CountMatrix cells = test::random_counts(rng, 60, 37, 0.3);
  const StudentOutput output = run_student(model.student, cells);
  const std::vector<double> rates = {0.2, 0.02, 0.05};
  const AnnotationsAtRates together = decide_at(rates, model, output, cells);
  REQUIRE(together.choices.size() == 3);
  for (std::size_t at = 0; at < rates.size(); ++at) {
    const Annotations alone = decide(model, output, cells, {rates[at]});
    CHECK(together.choices[at].kind == alone.kind);
    CHECK(together.choices[at].term == alone.term);
    CHECK(together.choices[at].label_probability == alone.label_probability);
    CHECK(together.best == alone.best);
    CHECK(together.unknown_score == alone.unknown_score);
  }
  CHECK(together.choices[0].kind != together.choices[1].kind);
}

TEST_CASE("genes are called by symbol, by id only where there is none", "[unit]") {
  const Model model = test::random_model(2);
  GeneVocabulary genes = test::numbered_genes(37);
  genes.id = std::vector<std::string>(37, "ENSG00000000001");
  genes.symbol[3] = "";
  test::MemoryReader reader(test::matrix_of({std::vector<float>(37, 1)}), genes);
  const std::vector<std::string> names = Query(reader, model).gene_names();
  CHECK(names[2] == "G2");
  CHECK(names[3] == "ENSG00000000001");
}

TEST_CASE("a line of labels.csv quotes what must be quoted and says what the label is", "[unit]") {
  Model model = test::random_model(7, 37, 2);
  model.classes = {{"T cell, \"CD4\"", "CL:0000624", 1}, {"B", "CL:0000236", 1}};
  model.broader = {{"CL:0000542", "lymphocyte", {0, 1}}};
  Annotations annotations = decide(model, output_of({2, 0}, 1), test::matrix_of({{1}}));
  annotations.unknown_score[0] = 0.5F;
  annotations.kind[0] = LabelKind::Type;
  const auto line = [&](UnknownPolicy policy) { return csv_line(model, annotations, 0, "a,b", policy); };
  const std::string type = "\"a,b\",\"T cell, \"\"CD4\"\"\",CL:0000624,type,0.880797,0.5,\"T cell, \"\"CD4\"\"\",0.880797,B,0.119203";
  CHECK(csv_header() ==
        "cell,label,ontology_id,kind,probability,unknown_score,best_label,best_probability,second_label,second_probability");
  CHECK(line(UnknownPolicy::Allow) == type);
  annotations.kind[0] = LabelKind::Broader;
  annotations.term[0] = 0;
  annotations.label_probability[0] = 1;
  CHECK(line(UnknownPolicy::Allow) ==
        "\"a,b\",lymphocyte,CL:0000542,broader,1,0.5,\"T cell, \"\"CD4\"\"\",0.880797,B,0.119203");
  CHECK(line(UnknownPolicy::LabelAll) == type);
  annotations.kind[0] = LabelKind::Unknown;
  annotations.label_probability[0] = annotations.probability[0];
  CHECK(line(UnknownPolicy::Allow) ==
        "\"a,b\",unknown,,unknown,0.880797,0.5,\"T cell, \"\"CD4\"\"\",0.880797,B,0.119203");
}

TEST_CASE("scores are those of a confusion counted by hand", "[golden]") {
  Model model = test::random_model(8, 37, 3);
  model.broader = {{"CL:0000542", "lymphocyte", {0, 1}}};
  // True: T0 T0 T0 T1 T1, one cell of an unseen type, one without label. Best: T0 T0 T1 T1 T2, given: T0, T0, T0 or T1, unknown, T2.
  const std::vector<std::string> truth = {"T0", "T0", "T0", "T1", "T1", "new", ""};
  constexpr LabelKind kType = LabelKind::Type, kBroader = LabelKind::Broader, kUnknown = LabelKind::Unknown;
  Annotations given = decide(model, output_of(std::vector<float>(21), 7), test::matrix_of(std::vector<std::vector<float>>(7, {1})));
  given.best = {0, 0, 1, 1, 2, 0, 0};
  given.kind = {kType, kType, kBroader, kUnknown, kType, kType, kType};
  given.term = {-1, -1, 0, -1, -1, -1, -1};
  given.probability = {0.99F, 0.97F, 0.41F, 0.43F, 0.45F, 1, 1};
  given.unknown_score = {0.1F, 0.2F, 0.3F, 0.9F, 0.5F, 0.8F, 0};
  Scorer scorer(model);
  scorer.add(given, truth);
  const Scores scores = scorer.scores();
  CHECK(scores.cells == 6);
  CHECK(scores.cells_known == 5);
  CHECK(scores.accuracy == Approx(3.0 / 5));
  // T0: precision 1, recall 2/3, F1 0.8; T1: precision 1/2, recall 1/2, F1 0.5; T2 does not occur.
  CHECK(scores.macro_f1 == Approx(0.65));
  CHECK(scores.balanced_accuracy == Approx((2.0 / 3 + 0.5) / 2));
  CHECK(scores.coverage == Approx(0.8));
  CHECK(scores.coverage_types == Approx(0.6));
  CHECK(scores.coverage_broader == Approx(0.2));
  CHECK(scores.accuracy_at_coverage == Approx(0.75));
  CHECK(scores.observed_error == Approx(0.25));
  CHECK(scores.observed_error_with_unseen == Approx(2.0 / 5));
  CHECK(scores.unknown_auroc == Approx(0.8));
  CHECK(scores.fpr_at_95_tpr == Approx(0.2));
  CHECK(std::isnan(scores.promised_error));
  // Two bins: {0.99, 0.97}, both right; {0.41, 0.43, 0.45}, one right.
  CHECK(scores.ece == Approx(0.4 * 0.02 + 0.6 * (0.43 - 1.0 / 3)).epsilon(1e-4));
  const nlohmann::json report = to_json(scores, model);
  CHECK(report["confusion"]["T1"]["T2"] == 1);
  CHECK(report["per_class"]["T0"]["cells"] == 3);
  CHECK(report["reliability"].size() == 15);
  CHECK(report["reliability"][6]["cells"] == 3);
  CHECK(report["promised_error"].is_null());
}

}  // namespace plkd

#include "trainer/train.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "shared/annotate/annotate.h"
#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"
#include "trainer/export/check_export.h"

using namespace plkd::test;

namespace {

constexpr std::int64_t kCells = 90, kGenes = 120;

plkd::TrainOptions small_options(std::uint64_t seed) {
  plkd::TrainOptions options;
  options.prepare.seed = seed;
  options.threads = 1;
  options.prepare.device = plkd::DeviceChoice::Cpu;
  options.card.name = "small";
  return options;
}

constexpr const char* kFile = "train_test_reference.h5ad";

// Training reads the file again.
plkd::Reference small_reference(const ScratchFile& file) {
  write_cells(file.path(), typed_counts(kCells, kGenes, 3), numbered_genes(kGenes), {type_column(kCells)});
  return plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet);
}

}  // namespace

TEST_CASE("training gives the same bytes for the same seed and others for another", "[slow]") {
  // 10 s: trains three models of 90 cells.
  const ScratchFile file(kFile);
  const plkd::Reference reference = small_reference(file);
  const auto bytes = [&](std::uint64_t seed) {
    return plkd::encode_model(plkd::train(reference, small_options(seed), plkd::Verbosity::Quiet).model);
  };
  const std::string once = bytes(1);
  CHECK(bytes(1) == once);
  CHECK(bytes(2) != once);
}

TEST_CASE("a trained model labels new cells of the same types", "[slow]") {
  // 3 s: trains one model of 90 cells.
  const ScratchFile file(kFile);
  const plkd::TrainedModel trained = plkd::train(small_reference(file), small_options(1), plkd::Verbosity::Quiet);
  plkd::CountMatrix counts = typed_counts(60, kGenes, 77);
  const std::vector<double> library = plkd::library_sizes(counts);
  plkd::GeneAlignment alignment = plkd::align(numbered_genes(kGenes), trained.model.genes);
  plkd::CountMatrix expression = plkd::apply(alignment, counts);
  plkd::log_normalise(expression, library, trained.model.recipe);
  const plkd::Annotations labels = plkd::annotate(trained.model, expression);
  int right = 0;
  for (std::size_t cell = 0; cell < 60; ++cell)
    right += labels.best[cell] == static_cast<std::int32_t>(cell % 3);
  CHECK(right >= 58);
  REQUIRE_FALSE(trained.model.patterns.empty());
  CHECK(trained.model.student.pattern_count() == static_cast<std::int64_t>(trained.model.patterns.size()));
  for (const plkd::Pattern& pattern : trained.model.patterns) CHECK(pattern.weight.size() == pattern.genes.size());
  CHECK(trained.report.at("pattern_agreement").at("across_cells") > 0.5);
  CHECK(trained.model.card.scores.at("cells") == trained.held_out.size());
  CHECK(trained.model.class_means.size() == 3 * plkd::at(trained.model.genes.size()));
  CHECK(trained.model.calibration.promise.cells == static_cast<std::int64_t>(trained.held_out.size()));
  const std::vector<plkd::ShiftPoint>& shifts = trained.model.calibration.promise.shifts;
  CHECK(shifts.back().shift > shifts.front().shift);
  std::int64_t trained_on = 0;
  for (const plkd::CellType& type : trained.model.classes) trained_on += type.reference_cells;
  CHECK(trained_on == kCells);
}

TEST_CASE("the export check passes the model that was trained and refuses one that was tampered with",
          "[slow]") {
  // 3 s: trains one model of 90 cells.
  const ScratchFile cells("train_test_cells.h5ad"), file("train_test_model.onnx");
  write_cells(cells.path(), typed_counts(kCells, kGenes, 3), numbered_genes(kGenes), {type_column(kCells)});
  const plkd::ReferenceOptions options = options_for({cells.path()});
  const plkd::Reference reference = plkd::load_reference(options, plkd::Verbosity::Quiet);
  plkd::TrainedModel trained = plkd::train(reference, small_options(1), plkd::Verbosity::Quiet);
  std::vector<plkd::Origin> held_out;
  for (const std::int64_t cell : trained.held_out) held_out.push_back(reference.origin[plkd::at(cell)]);
  const auto check = [&] {
    plkd::write_model(trained.model, file.path());
    return plkd::check_export(file.path(), options, held_out, trained.logits, plkd::Verbosity::Quiet);
  };

  const plkd::ExportCheck passed = check();
  CHECK(passed.cells == static_cast<std::int64_t>(held_out.size()));
  CHECK(passed.largest_difference < 1e-4);  // seen 1e-6

  SECTION("a weight of the first layer") {
    // Of a gene that the first held-out cell expresses: the check can only see what its cells touch.
    const plkd::CountMatrix counts = plkd::select_cells(all_cells(reference).counts, {trained.held_out.front()});
    const plkd::GeneAlignment alignment = plkd::align(reference.genes, trained.model.genes);
    const std::int32_t gene = plkd::apply(alignment, counts).gene.front();
    plkd::Linear& layer = trained.model.student.hidden.front();
    for (std::int64_t out = 0; out < layer.out; out += 2) layer.weight[plkd::at(gene * layer.out + out)] += 1;
  }
  SECTION("the order of genes") {
    std::swap(trained.model.genes.symbol.front(), trained.model.genes.symbol.back());
  }
  SECTION("the recipe") { trained.model.recipe.target_sum = 1e6f; }
  SECTION("a bias of the head") { trained.model.student.head.bias.front() += 0.1f; }
  try {
    check();
    FAIL("the check let the model through");
  } catch (const plkd::Error& error) {
    CHECK(error.kind() == plkd::ErrorKind::Internal);
    CHECK(error.message().rfind(file.path() + ": cell ", 0) == 0);
  }
}

TEST_CASE("the model learns from all cells, but is calibrated and scored by one that did not", "[slow]") {
  // 6 s: trains two models of 90 cells.
  const ScratchFile file(kFile);
  plkd::TrainOptions options = small_options(1);
  const plkd::TrainedModel all = plkd::train(small_reference(file), options, plkd::Verbosity::Quiet);
  options.final_fit = plkd::FinalFit::TrainingCells;
  const plkd::TrainedModel part = plkd::train(small_reference(file), options, plkd::Verbosity::Quiet);
  const auto cells_learnt = [](const plkd::TrainedModel& trained) {
    std::int64_t cells = 0;
    for (const plkd::CellType& type : trained.model.classes) cells += type.reference_cells;
    return cells;
  };
  CHECK(cells_learnt(all) == kCells);
  CHECK(cells_learnt(part) + static_cast<std::int64_t>(part.held_out.size()) == kCells);
  CHECK(all.held_out == part.held_out);
  CHECK(all.model.card.scores == part.model.card.scores);
  CHECK(all.model.calibration.temperature == part.model.calibration.temperature);
  CHECK(all.model.calibration.novelty_quantiles == part.model.calibration.novelty_quantiles);
  CHECK(all.model.calibration.novelty.centre != part.model.calibration.novelty.centre);
  CHECK(all.model.student.head.weight != part.model.student.head.weight);
}

TEST_CASE("a Student can be trained without a Teacher, for comparison", "[slow]") {
  // 1 s: trains one Student of 90 cells.
  const ScratchFile file(kFile);
  plkd::TrainOptions options = small_options(1);
  options.student.teacher_share = 0;
  const plkd::TrainedModel trained = plkd::train(small_reference(file), options, plkd::Verbosity::Quiet);
  CHECK(trained.report.at("teacher").is_null());
  CHECK(trained.model.student.pattern_count() == 0);
  CHECK(trained.report.at("student").at("held_out_accuracy") > 0.8);
}

TEST_CASE("a GMT file gives the Teacher its patterns", "[slow]") {
  // 3 s: trains one model of 90 cells.
  const ScratchFile file(kFile);
  const ScratchFile gmt("train_test.gmt");
  {
    std::FILE* out = std::fopen(gmt.path().c_str(), "w");
    REQUIRE(out != nullptr);
    std::fputs("FIRST SET\turl\tG0\tG1\tG2\tG3\tG4\tG5\n", out);
    std::fclose(out);
  }
  plkd::TrainOptions options = small_options(1);
  options.prepare.patterns.source = gmt.path();
  const plkd::TrainedModel trained = plkd::train(small_reference(file), options, plkd::Verbosity::Quiet);
  REQUIRE(trained.model.patterns.size() == 1);
  CHECK(trained.model.patterns[0].name == "FIRST SET");
}

TEST_CASE("a Teacher that starts from one of the same data starts better, and is the same one", "[slow]") {
  // 5 s: trains two models of 90 cells.
  const ScratchFile file(kFile);
  const ScratchFile teacher("train_test_teacher.pt");
  const plkd::Reference reference = small_reference(file);
  plkd::TrainOptions options = small_options(1);
  options.save_teacher = teacher.path();
  const plkd::TrainedModel first = plkd::train(reference, options, plkd::Verbosity::Quiet);
  options.save_teacher.clear();
  options.warm_start = teacher.path();
  const plkd::TrainedModel second = plkd::train(reference, options, plkd::Verbosity::Quiet);

  const auto teacher_of = [](const plkd::TrainedModel& trained, const char* key) {
    return trained.report.at("teacher").at(key).get<double>();
  };
  CHECK(teacher_of(first, "held_out_macro_f1_at_start") < 0.7);
  CHECK(teacher_of(second, "held_out_macro_f1_at_start") == teacher_of(first, "held_out_macro_f1"));
  CHECK(teacher_of(second, "held_out_macro_f1_at_start") > 0.9);
  CHECK(second.report.at("teacher").at("warm_start").get<std::string>().find("tensors taken") !=
        std::string::npos);
}

TEST_CASE("a Teacher is exported beside its model, and changes nothing in it", "[slow]") {
  // 5 s: trains two models of 90 cells. What the graph computes is checked in tests/wasm/teacher_test.mjs.
  const ScratchFile file(kFile);
  const plkd::Reference reference = small_reference(file);
  plkd::TrainOptions options = small_options(1);
  const std::string model = plkd::encode_model(plkd::train(reference, options, plkd::Verbosity::Quiet).model);
  options.teacher_out = "teacher.onnx";
  const plkd::TrainedModel trained = plkd::train(reference, options, plkd::Verbosity::Quiet);
  CHECK(plkd::encode_model(trained.model) == model);
  REQUIRE(trained.teacher);
  const plkd::TeacherExample& example = trained.teacher->example;
  const std::string bytes = plkd::encode_teacher(trained.teacher->graph, trained.model, "0123", example);
  const plkd::TeacherExample read = plkd::decode_teacher(bytes, "test", trained.model, "0123");
  CHECK(read.expression.gene == example.expression.gene);
  REQUIRE(read.attention.size() == 4 * trained.model.patterns.size());
  for (std::size_t i = 0; i < read.attention.size(); ++i)
    CHECK(read.attention[i] == Approx(example.attention[i]).epsilon(1e-6));
  CHECK(error_of([&] { plkd::decode_teacher(bytes, "test", trained.model, "4567"); })
            .rfind("test: the Teacher of another model ('" + trained.model.card.name + "', 0123)", 0) == 0);
  CHECK(error_of([&] { plkd::decode_model(bytes, "test"); }).rfind("test: the Teacher of the model", 0) == 0);
}

TEST_CASE("a Student of one hidden layer, or of three, is trained and exported", "[slow]") {
  // 2 s: trains two Students of 90 cells.
  const ScratchFile file(kFile);
  const plkd::Reference reference = small_reference(file);
  plkd::TrainOptions options = small_options(1);
  options.student.teacher_share = 0;
  for (const std::vector<std::int64_t>& widths : {std::vector<std::int64_t>{32}, {48, 32, 16}}) {
    options.student.network.widths = widths;
    const plkd::TrainedModel trained = plkd::train(reference, options, plkd::Verbosity::Quiet);
    const plkd::Model read = plkd::decode_model(plkd::encode_model(trained.model), "test");
    REQUIRE(read.student.hidden.size() == widths.size());
    CHECK(read.student.hidden.back().out == widths.back());
    CHECK(trained.report.at("student").at("held_out_accuracy") > 0.8);
  }
}

TEST_CASE("training that integrates batches needs two of them", "[slow]") {
  // 2 s: trains one model of 90 cells.
  const ScratchFile file("train_test_batches.h5ad");
  plkd::CellColumn donor{"donor", {"d1", "d2"}, {}};
  for (std::int32_t cell = 0; cell < kCells; ++cell) donor.code.push_back(cell % 2);
  write_cells(file.path(), typed_counts(kCells, kGenes, 3), numbered_genes(kGenes),
              {type_column(kCells), donor});
  plkd::ReferenceOptions files = options_for({file.path()});
  plkd::TrainOptions options = small_options(1);
  options.teacher.alignment_weight = 0.5;
  options.student.alignment_weight = 0.5;
  CHECK(error_of([&] {
          plkd::train(plkd::load_reference(files, plkd::Verbosity::Quiet), options, plkd::Verbosity::Quiet);
        }).rfind("--integrate: all training cells are of one batch", 0) == 0);
  files.batch = "donor";
  const plkd::TrainedModel trained =
      plkd::train(plkd::load_reference(files, plkd::Verbosity::Quiet), options, plkd::Verbosity::Quiet);
  CHECK(trained.report.at("student").at("held_out_accuracy") > 0.8);
}

TEST_CASE("options that do not fit each other are refused", "[unit]") {
  plkd::TrainOptions width = small_options(1);
  width.teacher.network.embed = 50;
  CHECK(error_of([&] { plkd::check(width); }) ==
        "--teacher-width 50 does not divide by --teacher-heads 4; a width of 48 does");
  plkd::TrainOptions no_teacher = small_options(1);
  no_teacher.student.teacher_share = 0;
  no_teacher.save_teacher = "teacher.pt";
  CHECK(error_of([&] { plkd::check(no_teacher); }) ==
        "--save-teacher: with --teacher-share 0 there is no Teacher; leave one of the two out");
  plkd::TrainOptions published = small_options(1);
  published.teacher.network.layout = plkd::TokenLayout::AsPublished;
  published.teacher_out = "teacher.onnx";
  CHECK(error_of([&] { plkd::check(published); }).rfind("--teacher-out: the published tokens mix patterns", 0) == 0);
}

TEST_CASE("a gene table travels in the model, and nothing else changes", "[slow]") {
  // 6 s: trains two models of 90 cells.
  const ScratchFile file(kFile);
  const plkd::Reference reference = small_reference(file);
  const ScratchFile table("train_test_genes.csv");
  {
    std::ofstream out(table.path());
    for (std::int64_t gene = 0; gene < kGenes; ++gene)
      out << numbered_genes(kGenes).symbol[plkd::at(gene)] << ",mouse" << gene << '\n';
  }
  plkd::TrainOptions options = small_options(1);
  const plkd::Model plain = plkd::train(reference, options, plkd::Verbosity::Quiet).model;
  options.gene_tables = {table.path()};
  const plkd::Model named = plkd::train(reference, options, plkd::Verbosity::Quiet).model;
  REQUIRE(named.genes.orthologue.size() == plain.genes.symbol.size());
  CHECK(named.genes.orthologue[0] ==
        std::vector<std::string>{"mouse" + named.genes.symbol[0].substr(1)});
  CHECK(plain.genes.orthologue.empty());
  CHECK(named.student.head.weight == plain.student.head.weight);
  CHECK(named.provenance.at("gene_tables").size() == 1);
}

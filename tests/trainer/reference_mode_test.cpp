#include "trainer/reference_mode.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

TEST_CASE("each part of the reference mode changes what it names and nothing else", "[unit]") {
  plkd::TrainOptions layout, ddc;
  plkd::use_reference_mode(layout, "layout");
  plkd::use_reference_mode(ddc, "ddc,split");
  const plkd::TrainOptions ours;
  CHECK(layout.teacher.network.layout == plkd::TokenLayout::AsPublished);
  CHECK(layout.teacher.network.dropout == ours.teacher.network.dropout);
  CHECK(layout.teacher.clustering.form == plkd::ClusteringForm::ByProbability);
  CHECK(layout.as_published == std::vector<std::string>{"layout"});
  CHECK(ddc.teacher.clustering.form == plkd::ClusteringForm::AsPublished);
  CHECK(ddc.prepare.split == plkd::SplitOrder::OversampleFirst);
  CHECK(ddc.teacher.loop.batch == ours.teacher.loop.batch);
  CHECK(ddc.as_published == std::vector<std::string>{"ddc", "split"});
}

TEST_CASE("the whole reference mode has every part", "[unit]") {
  plkd::TrainOptions options;
  plkd::use_reference_mode(options, "");
  CHECK(options.as_published.size() == plkd::deviations().size());
  CHECK(options.teacher.loop.optimiser == plkd::OptimiserKind::PublishedTeacher);
  CHECK(options.student.loop.optimiser == plkd::OptimiserKind::PublishedStudent);
  CHECK(options.student.self_entropy_form == plkd::SelfEntropyForm::AsPublished);
  CHECK(options.student.mixed_share == 0);
  CHECK(options.student.temperature == 4);
  CHECK(options.student.prior == 1);
  CHECK(options.teacher.network.drop_path == 0.5);
}

TEST_CASE("an unknown part of the reference mode is refused with the known ones", "[unit]") {
  plkd::TrainOptions options;
  CHECK(error_of([&] { plkd::use_reference_mode(options, "layout,dcc"); }) ==
        "--reference-mode: 'dcc' is none of its parts; they are layout, ddc, self-entropy, split, optimiser, "
        "augmentation, distillation, network");
}

TEST_CASE(
    "a model trained in reference mode is a valid one that says so, with honest scores beside the leaked",
    "[slow]") {
  // 5 s: trains one model of 90 cells as published.
  const ScratchFile file("reference_mode_test.h5ad");
  write_cells(file.path(), typed_counts(90, 120, 3), numbered_genes(120), {type_column(90)});
  const plkd::Reference reference = plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet);
  plkd::TrainOptions options;
  options.threads = 1;
  options.prepare.device = plkd::DeviceChoice::Cpu;
  plkd::use_reference_mode(options, "all");
  options.student.epochs = 4;
  options.teacher.epochs = 2;
  const plkd::TrainedModel trained = plkd::train(reference, options, plkd::Verbosity::Quiet);
  const plkd::Model model = plkd::decode_model(plkd::encode_model(trained.model), "test");
  CHECK(model.provenance.at("reference_mode").size() == plkd::deviations().size());
  CHECK(model.provenance.at("split") == "classes oversampled, then draws held out");
  // 90 draws with replacement, 27 of them held out: some of those are copies of training cells.
  CHECK(trained.report.at("leaked_scores").at("cells") == 27);
  const std::int64_t honest = trained.report.at("held_out_scores").at("cells");
  CHECK(honest > 27);
  CHECK(honest < 60);
  CHECK(trained.report.at("student").at("steps") == 4 * 8);  // 63 cells in batches of 8
  CHECK(trained.report.at("student").at("best_step") == 4 * 8);
}

#include "trainer/fit/committee.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>

#include "shared/preprocess/log_normalise.h"
#include "tests/trainer/small_reference.h"
#include "trainer/fit/distil.h"
#include "trainer/fit/mix.h"

namespace {

// Cells of three types over 40 genes, and another 30 held out.
plkd::TrainingPart typed_part() {
  plkd::TrainingPart part;
  for (const auto& [stored, count, seed] : {std::tuple(&part.train, 90, 1), std::tuple(&part.held_out, 30, 2)}) {
    plkd::Cells cells;
    cells.counts = plkd::test::typed_counts(count, 40, static_cast<std::uint64_t>(seed));
    cells.library = plkd::library_sizes(cells.counts);
    for (int cell = 0; cell < count; ++cell) cells.label.push_back(cell % 3);
    *stored = plkd::test::stored(cells);
  }
  part.classes = 3;
  part.train_batch.assign(90, 0);
  part.input_scale = plkd::input_scale_of(part.train, part.recipe);
  return part;
}

const std::vector<plkd::Pattern> kPatterns = {{"first", {0, 4, 8, 12, 16}}, {"second", {1, 5, 9, 13, 17}}};

plkd::Committee committee_of(const plkd::TrainingPart& part, const plkd::CommitteeOptions& options) {
  torch::manual_seed(3);
  std::mt19937_64 rng(3);
  plkd::Teacher transformer(kPatterns, 40, 3);
  return {part, transformer, options, rng, plkd::Verbosity::Quiet};
}

}  // namespace

TEST_CASE("a linear teacher's function of expression as it is equals what it computes", "[unit]") {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradient;
  const torch::Tensor reference = torch::rand({50, 9}), cells = torch::rand({7, 9});
  // All features, and one block whose flag is the last but three.
  for (const plkd::FeatureBlock& sees : {plkd::FeatureBlock{plkd::Modality::Rna, 0, 9}, plkd::FeatureBlock{plkd::Modality::Protein, 2, 5}}) {
    plkd::LinearTeacher teacher(reference, sees, 4, plkd::LinearTeacherOptions{plkd::LinearInput::Standardised, 0.3});
    for (torch::Tensor& parameter : teacher->parameters()) parameter.normal_();
    teacher->eval();
    torch::Tensor flagged = cells.clone();
    if (sees.size() < 9) flagged.select(1, sees.end).fill_(1);
    const plkd::LinearFunction function = teacher->function();
    const torch::Tensor folded = torch::linear(flagged, function.weight, function.bias);
    CHECK((teacher->forward(flagged) - folded).abs().max().item<double>() < 1e-4);
    if (sees.size() == 9) continue;
    flagged.slice(1, sees.first, sees.end + 1).fill_(0);
    CHECK(torch::linear(flagged, function.weight, function.bias).abs().max().item<double>() == 0);
  }
}

TEST_CASE("cells of proteins alone are not mixed, cells of genes are", "[unit]") {
  plkd::TrainingPart part = typed_part();
  const plkd::Cells cells = plkd::typical_cells(part.train);
  CHECK_FALSE(torch::equal(plkd::mix(part, cells, 1).expression, part.input(cells)));
  part.recipe.blocks = {{plkd::Modality::Protein, 0, 39}};  // the last of the 40 is the flag
  part.input_scale = {1};
  const plkd::MixedCells mixed = plkd::mix(part, cells, 1);
  CHECK(torch::equal(mixed.expression, part.input(cells)));
  CHECK(std::get<0>(mixed.label.max(1)).min().item<double>() == 1);
}

TEST_CASE("a committee's answers are probabilities, and the Transformer's when it sits alone", "[slow]") {
  // 1 s: trains linear teachers of 90 cells.
  const plkd::TrainingPart part = typed_part();
  const torch::Tensor cells = part.input(plkd::typical_cells(part.held_out));
  plkd::Committee all = committee_of(part, {});
  const plkd::Committee::View view = all.ask(cells);
  CHECK((view.probability.sum(1) - 1).abs().max().item<double>() < 1e-5);
  CHECK(plkd::agreement(view.probability, part.labels(plkd::typical_cells(part.held_out))).accuracy > 0.9);
  CHECK(view.attention.sizes() == torch::IntArrayRef({30, 2}));

  plkd::CommitteeOptions alone;
  alone.standardised = alone.expression = 0;
  CHECK_FALSE(committee_of(part, alone).direct().weight.defined());
}

TEST_CASE("the Student carries the linear teachers' function over untouched", "[slow]") {
  // 3 s: trains linear teachers and a Student of 90 cells.
  const plkd::TrainingPart part = typed_part();
  plkd::Committee teachers = committee_of(part, {});
  std::mt19937_64 rng(5);
  const plkd::DistilledStudent student = plkd::distil(part, &teachers, kPatterns, {}, rng, plkd::Verbosity::Quiet);
  const plkd::LinearFunction direct = teachers.direct();
  CHECK(torch::equal(student.network->direct().weight, direct.weight));
  CHECK(torch::equal(student.network->direct().bias, direct.bias));
  CHECK(student.fit.held_out.accuracy > 0.9);
}

TEST_CASE("a smaller prior takes the classes' shares out of the Student's logits", "[slow]") {
  // 1 s: trains a Student of 70 cells twice.
  plkd::TrainingPart part = typed_part();
  std::vector<std::int64_t> kept;
  for (std::int64_t cell = 0; cell < 90; ++cell)
    if (cell % 3 != 2 || cell < 30) kept.push_back(cell);
  part.train = plkd::subset(part.train, kept);  // 30, 30 and 10 cells
  const auto logits_with = [&](double prior) {
    torch::manual_seed(3);
    std::mt19937_64 rng(3);
    plkd::DistilOptions options;
    options.prior = prior;
    plkd::StudentNet student = plkd::distil(part, nullptr, {}, options, rng, plkd::Verbosity::Quiet).network;
    return student->forward(part.input(plkd::typical_cells(part.held_out))).logits.detach();
  };
  const torch::Tensor moved = logits_with(0.25) - logits_with(1);  // [cells x classes]
  const double rare = -0.75 * std::log(10.0 / 70), frequent = -0.75 * std::log(30.0 / 70);
  const torch::Tensor expected = torch::tensor({frequent, frequent, rare}).expand_as(moved);
  CHECK((moved - expected).abs().max().item<double>() < 1e-5);
}

TEST_CASE("mixing leaves each cell more than half of itself, in expression and label alike", "[unit]") {
  torch::manual_seed(7);
  const plkd::TrainingPart part = typed_part();
  const plkd::Cells train = plkd::typical_cells(part.train);
  const torch::Tensor own = part.input(train);
  const plkd::MixedCells none = plkd::mix(part, train, 0);
  CHECK(torch::equal(none.expression, own));
  const plkd::MixedCells all = plkd::mix(part, train, 1);
  CHECK((all.label.sum(1) - 1).abs().max().item<double>() < 1e-6);
  const torch::Tensor of_own = all.label.gather(1, part.labels(train).unsqueeze(1));
  CHECK(of_own.min().item<double>() >= 0.5);
  CHECK((all.expression - own).abs().max().item<double>() > 0);
}

#include "trainer/export/to_student.h"

#include <catch2/catch.hpp>

#include "shared/preprocess/log_normalise.h"
#include "tests/support/matrices.h"
#include "tests/trainer/small_reference.h"

namespace {

plkd::TrainingPart random_part(std::int64_t cells, std::int64_t genes) {
  std::mt19937_64 rng(11);
  plkd::TrainingPart part;
  plkd::Cells train;
  train.counts = plkd::test::random_counts(rng, cells, genes, 0.3);
  train.library = plkd::library_sizes(train.counts);
  train.label.assign(static_cast<std::size_t>(cells), 0);
  part.train = plkd::test::stored(train);
  part.classes = 4;
  part.input_scale = plkd::input_scale_of(part.train, part.recipe);
  return part;
}

plkd::CountMatrix expression_of(const plkd::TrainingPart& part) {
  plkd::Cells train = plkd::typical_cells(part.train);
  plkd::log_normalise(train.counts, train.library, part.recipe);
  return train.counts;
}

}  // namespace

TEST_CASE("input is scaled to a mean squared norm of 900", "[unit]") {
  const plkd::TrainingPart part = random_part(30, 50);
  CHECK(part.input(plkd::typical_cells(part.train)).square().sum(1).mean().item<double>() == Approx(900).epsilon(1e-4));
}

TEST_CASE("the exported Student computes what the network does, from expression that is not scaled",
          "[unit]") {
  constexpr float kLogitTolerance = 1e-5f;  // seen 1e-6: two orders of summing
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradient;
  const plkd::TrainingPart part = random_part(20, 70);
  plkd::StudentNetOptions options;
  options.norm = GENERATE(plkd::HiddenNorm::None, plkd::HiddenNorm::Layer);
  options.patterns = 6;
  if (GENERATE(true, false)) options.direct = {0.1 * torch::randn({4, 70}), torch::randn({4})};
  plkd::StudentNet network(70, 4, options);
  network->eval();
  const plkd::Student student = plkd::to_student(network, part);
  const plkd::StudentOutput output =
      plkd::run_student(student, expression_of(part), plkd::StudentTask::LabelAndExplain);
  const plkd::StudentNetOutput expected = network->forward(part.input(plkd::typical_cells(part.train)));
  const torch::Tensor logits = torch::tensor(output.logits).view({20, 4});
  const torch::Tensor latent = torch::tensor(output.latent).view({20, 128});
  const torch::Tensor patterns = torch::tensor(output.patterns).view({20, 6});
  CHECK((patterns - expected.patterns).abs().max().item<float>() < kLogitTolerance);
  CHECK((logits - expected.logits).abs().max().item<float>() < kLogitTolerance);
  CHECK((latent - expected.latent).abs().max().item<float>() < kLogitTolerance);
}

TEST_CASE("the map is the reference's principal components: centred, uncorrelated, widest first", "[unit]") {
  torch::manual_seed(2);
  const plkd::TrainingPart part = random_part(40, 60);
  plkd::StudentNet network(60, 4);
  const plkd::Student student = plkd::to_student(network, part);
  const plkd::StudentOutput output = plkd::run_student(student, expression_of(part));
  const torch::Tensor map = torch::tensor(output.map, torch::kDouble).view({40, 2});
  const torch::Tensor covariance = map.t().matmul(map) / 40;
  CHECK(map.mean(0).abs().max().item<double>() < 1e-5);
  CHECK(std::abs(covariance[0][1].item<double>()) < 1e-5 * covariance[0][0].item<double>());
  CHECK(covariance[0][0].item<double>() > covariance[1][1].item<double>());
  const torch::Tensor latent = torch::tensor(output.latent, torch::kDouble).view({40, 128});
  const torch::Tensor spread = (latent - latent.mean(0, true)).square().sum() / 40;
  CHECK(covariance[0][0].item<double>() > spread.item<double>() / 128);
}

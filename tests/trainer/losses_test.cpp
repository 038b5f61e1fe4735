#include <catch2/catch.hpp>
#include <cmath>

#include "trainer/losses/distillation.h"
#include "trainer/losses/divergence_clustering.h"
#include "trainer/losses/self_entropy.h"
#include "trainer/torch.h"

// Values computed by hand: section 7G of the project's notes on PLKD.
namespace {

constexpr double kGoldenTolerance = 1e-6;

torch::Tensor table(const std::vector<double>& values, std::int64_t width) {
  return torch::tensor(values, torch::kDouble).view({-1, width});
}

torch::Tensor logits() { return table({2, 0, -1, .5, 1.5, 0, -1, 0, 3, 1, -1, .5}, 3); }
torch::Tensor latents() { return table({.1, .2, 0, .4, .5, -.3, .3, .3}, 2); }
torch::Tensor student_logits() { return table({1.5, .2, -.5, .1, 1, .3, -.4, .1, 2, .6, -.2, .4}, 3); }
torch::Tensor labels() { return torch::tensor({0, 1, 2, 0}, torch::kLong); }

Approx golden(double value) { return Approx(value).margin(kGoldenTolerance).epsilon(0); }

}  // namespace

TEST_CASE("divergence clustering has its published value on raw logits and on the softmax", "[golden]") {
  plkd::DivergenceClusteringOptions published;
  published.form = plkd::ClusteringForm::AsPublished;
  CHECK(plkd::divergence_clustering(logits(), latents(), labels(), published).item<double>() ==
        golden(0.31561328));
  CHECK(plkd::divergence_clustering_as_published(torch::softmax(logits(), 1), latents()).item<double>() ==
        golden(0.87307982));
}

TEST_CASE("divergence clustering has the ancestor's value, first term", "[golden]") {
  CHECK(plkd::divergence_clustering(logits(), latents(), labels()).item<double>() == golden(0.32699336));
}

TEST_CASE("divergence clustering of two terms adds the ancestor's third, that of the corners", "[golden]") {
  plkd::DivergenceClusteringOptions options;
  options.terms = 2;
  CHECK(plkd::divergence_clustering(logits(), latents(), labels(), options).item<double>() ==
        golden(0.32699336 + 0.59323506));
}

TEST_CASE("divergence clustering leaves out classes without cells", "[unit]") {
  const torch::Tensor present = torch::tensor({0, 2, 2, 0}, torch::kLong);
  const torch::Tensor without_class_1 = torch::softmax(logits(), 1).index_select(1, torch::tensor({0, 2}));
  CHECK(plkd::divergence_clustering(logits(), latents(), present).item<double>() ==
        golden(plkd::class_overlap(without_class_1, plkd::median_kernel(latents())).item<double>()));
  CHECK(plkd::divergence_clustering(logits(), latents(), torch::zeros({4}, torch::kLong)).item<double>() ==
        0);
}

TEST_CASE("divergence clustering is 0 for classes far apart and 1 for classes on one spot", "[unit]") {
  const torch::Tensor certain = table({50, 0, 50, 0, 0, 50, 0, 50}, 2);
  const torch::Tensor label = torch::tensor({0, 0, 1, 1}, torch::kLong);
  CHECK(plkd::divergence_clustering(certain, table({0, 0.1, 9, 9.1}, 1), label).item<double>() < 1e-6);
  CHECK(plkd::divergence_clustering(certain, table({1, 1, 1, 1}, 1), label).item<double>() == golden(1));
}

TEST_CASE("self-entropy has its golden values, with the sign that holds and as published", "[golden]") {
  const torch::Tensor uniform = torch::full({3}, 1.0 / 3, torch::kDouble);
  CHECK(plkd::self_entropy(logits(), uniform).item<double>() == golden(0.03452593));
  CHECK(plkd::self_entropy(logits(), uniform, plkd::SelfEntropyForm::AsPublished).item<double>() ==
        golden(0.35812179));
}

TEST_CASE("self-entropy is 0 where the mean prediction is the prior, and grows with collapse", "[unit]") {
  const torch::Tensor prior = torch::tensor({0.7, 0.2, 0.1}, torch::kDouble);
  const torch::Tensor as_prior = prior.log().unsqueeze(0);
  const torch::Tensor collapsed = table({20, 0, 0, 20, 0, 0}, 3);
  CHECK(plkd::self_entropy(as_prior, prior).item<double>() == golden(0));
  CHECK(plkd::self_entropy(collapsed, prior).item<double>() == Approx(-std::log(0.7)).epsilon(1e-6));
}

TEST_CASE("distillation has its golden value, and the whole Student loss too", "[golden]") {
  const double imitation = plkd::distillation(student_logits(), logits(), 4).item<double>();
  const double labelling = torch::nn::functional::cross_entropy(student_logits(), labels()).item<double>();
  CHECK(imitation == golden(0.12539394));
  CHECK(labelling == golden(0.50496401));
  CHECK(0.5 * imitation + 0.5 * labelling == golden(0.31517897));
}

TEST_CASE("the Student's gradient of distillation is T (softmax(s / T) - softmax(t / T)) / cells", "[unit]") {
  const torch::Tensor student = student_logits().requires_grad_();
  const torch::Tensor teacher = logits().requires_grad_();
  plkd::distillation(student, teacher, 4).backward();
  const torch::Tensor expected = 4 * (torch::softmax(student / 4, 1) - torch::softmax(teacher / 4, 1)) / 4;
  CHECK(torch::allclose(student.grad(), expected, 1e-9, 1e-12));
  CHECK_FALSE(teacher.grad().defined());
}

TEST_CASE("divergence clustering moves latents and logits, self-entropy moves logits", "[unit]") {
  const torch::Tensor z = latents().requires_grad_();
  const torch::Tensor y = logits().requires_grad_();
  plkd::divergence_clustering(y, z, labels()).backward();
  CHECK(z.grad().abs().sum().item<double>() > 1e-3);
  CHECK(y.grad().abs().sum().item<double>() > 1e-3);
  y.mutable_grad().zero_();
  plkd::self_entropy(y, torch::full({3}, 1.0 / 3, torch::kDouble)).backward();
  CHECK(y.grad().abs().sum().item<double>() > 1e-3);
}

#include "trainer/teacher/fast_dropout.h"

#include <catch2/catch.hpp>

TEST_CASE("fast dropout zeroes its share and keeps the mean, and rests outside training", "[unit]") {
  torch::manual_seed(1);
  plkd::FastDropout dropout(0.1);
  const torch::Tensor ones = torch::ones({1001, 999});
  const torch::Tensor dropped = dropout->forward(ones);
  CHECK((dropped == 0).to(torch::kDouble).mean().item<double>() == Approx(26.0 / 256).margin(0.002));
  CHECK(dropped.mean().item<double>() == Approx(1).margin(0.003));
  CHECK(dropped.max().item<double>() == Approx(256.0 / 230));
  dropout->eval();
  CHECK(torch::equal(dropout->forward(ones), ones));
}

TEST_CASE("fast dropout's zeros are as frequent at every place of a random number", "[unit]") {
  torch::manual_seed(2);
  plkd::FastDropout dropout(0.5);
  const torch::Tensor zeros = (dropout->forward(torch::ones({20000, 8})) == 0).to(torch::kDouble).mean(0);
  for (std::int64_t place = 0; place < 8; ++place)
    CHECK(zeros[place].item<double>() == Approx(0.5).margin(0.02));
}

TEST_CASE("fast dropout's gradient passes where the value does", "[unit]") {
  torch::manual_seed(3);
  plkd::FastDropout dropout(0.3);
  const torch::Tensor input = torch::rand({50, 7}).requires_grad_();
  const torch::Tensor output = dropout->forward(input);
  output.sum().backward();
  CHECK(torch::allclose(input.grad() * input, output));
}

#include "trainer/bench/logistic_regression.h"

#include <catch2/catch.hpp>

TEST_CASE("logistic regression reaches scikit-learn's optimum", "[golden]") {
  // sklearn 1.2: LogisticRegression(C=0.5, tol=1e-12) on z-scored cells, predict_proba.
  const torch::Tensor cells = torch::tensor({1.0, 0.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 0.0, 2.5, 0.0,
                                             0.5, 0.0, 4.0, 1.0, 0.5, 3.0, 2.0, 1.0, 3.5, 0.0},
                                            torch::kDouble)
                                  .view({7, 3});
  const torch::Tensor label = torch::tensor({0, 0, 1, 1, 2, 2, 2}, torch::kLong);
  plkd::LogisticRegressionOptions options;
  options.c = 0.5;
  const plkd::LogisticRegression model = plkd::fit_logistic_regression(cells, label, 3, options);
  const torch::Tensor query = torch::tensor({1.0, 1.0, 1.0, 2.0, 0.0, 3.0}, torch::kDouble).view({2, 3});
  const torch::Tensor expected =
      torch::tensor({0.42673903, 0.24083185, 0.33242912, 0.67597488, 0.18250569, 0.14151943}, torch::kDouble)
          .view({2, 3});
  CHECK((torch::softmax(model.logits(query), 1) - expected).abs().max().item<double>() < 1e-5);  // seen 2e-6
}

TEST_CASE("a gene that does not vary in the reference has no say", "[unit]") {
  const torch::Tensor cells =
      torch::tensor({1.0, 5.0, 2.0, 5.0, 3.0, 5.0, 4.0, 5.0}, torch::kDouble).view({4, 2});
  const plkd::LogisticRegression model =
      plkd::fit_logistic_regression(cells, torch::tensor({0, 0, 1, 1}, torch::kLong), 2);
  const torch::Tensor query = torch::tensor({2.0, 5.0, 2.0, 900.0}, torch::kDouble).view({2, 2});
  const torch::Tensor logits = model.logits(query);
  CHECK(torch::isfinite(logits).all().item<bool>());
  CHECK(torch::allclose(logits[0], logits[1]));
}

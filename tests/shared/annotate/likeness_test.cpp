#include "shared/annotate/likeness.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "shared/annotate/annotate.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// Three genes, two types: one expresses the first gene, the other the second and the third.
Model two_types() {
  Model model = test::random_model(1, 3, 2);
  model.class_means = {7, 0, 0, 0, 20, 20};
  return model;
}

}  // namespace

TEST_CASE("likeness is the cosine to the nearest type's log mean", "[golden]") {
  const std::vector<float> likeness =
      Likeness(two_types()).of(test::matrix_of({{5, 0, 0}, {0, 1, 1}, {0, 4, 0}, {1, 0, 3}, {0, 0, 0}}));
  REQUIRE(likeness.size() == 5);
  CHECK(likeness[0] == Approx(1));
  CHECK(likeness[1] == Approx(1));
  CHECK(likeness[2] == Approx(std::sqrt(0.5)));
  CHECK(likeness[3] == Approx(3 / std::sqrt(20.0)));
  CHECK(likeness[4] == 0);
}

TEST_CASE("a cell unlike every type in its genes is unknown, whatever the network makes of it", "[unit]") {
  Model model = two_types();
  model.class_means = {7, 0, 0, 9, 0, 0};  // the third gene is foreign
  model.calibration.likeness = 0.9F;
  model.calibration.unknown_above = 1;
  const StudentOutput output{{9, 0, 9, 0}, {}, std::vector<float>(4)};
  const CountMatrix cells = test::matrix_of({{4, 0, 1}, {1, 0, 4}});  // cosines 0.97 and 0.24
  const Annotations labels = decide(model, output, cells);
  CHECK(labels.kind == std::vector<LabelKind>{LabelKind::Type, LabelKind::Unknown});
  CHECK(labels.unknown_score[1] == 1);
  model.class_means.clear();  // nothing to compare with
  CHECK(decide(model, output, cells).kind[1] == LabelKind::Type);
  model.class_means = {7, 0, 0, 9, 0, 0};
  model.calibration.likeness = 0;  // not measured
  CHECK(decide(model, output, cells).kind[1] == LabelKind::Type);
}

}  // namespace plkd

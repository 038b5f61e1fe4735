#include "shared/student/student.h"

#include <catch2/catch.hpp>

#include "tests/support/matrices.h"
#include "tests/support/naive_student.h"
#include "tests/support/random_model.h"

namespace plkd {

constexpr double kTolerance = 1e-5;  // float sums against double, values of order 1

TEST_CASE("the student agrees with three nested loops in double", "[unit]") {
  std::mt19937_64 rng(1);
  Model model = test::random_model(2);
  if (GENERATE(true, false)) model.student.norm.clear();
  if (GENERATE(true, false)) model.student.direct = {};
  const CountMatrix expression = test::random_counts(rng, 23, model.genes.size(), 0.3);
  const StudentOutput output = run_student(model.student, expression, StudentTask::LabelAndExplain);
  const auto rows = test::dense_of(expression);
  for (std::size_t cell = 0; cell < rows.size(); ++cell) {
    const test::NaiveOutput naive = test::naive_student(model.student, rows[cell]);
    for (std::size_t label = 0; label < naive.logits.size(); ++label)
      CHECK(output.logits[cell * naive.logits.size() + label] == Approx(naive.logits[label]).margin(kTolerance));
    for (std::size_t at = 0; at < naive.latent.size(); ++at)
      CHECK(output.latent[cell * naive.latent.size() + at] == Approx(naive.latent[at]).margin(kTolerance));
    for (std::size_t axis = 0; axis < 2; ++axis)
      CHECK(output.map[cell * 2 + axis] == Approx(naive.map[axis]).margin(kTolerance));
    for (std::size_t at = 0; at < naive.patterns.size(); ++at)
      CHECK(output.patterns[cell * naive.patterns.size() + at] == Approx(naive.patterns[at]).margin(kTolerance));
  }
}

TEST_CASE("a cell's output does not depend on the cells run with it", "[property]") {
  std::mt19937_64 rng(3);
  const Model model = test::random_model(4);
  const CountMatrix expression = test::random_counts(rng, 9, model.genes.size(), 0.2);
  const StudentOutput together = run_student(model.student, expression);
  for (std::int64_t cell = 0; cell < expression.cells(); ++cell) {
    const StudentOutput alone = run_student(model.student, select_cells(expression, {cell}));
    const auto first = together.logits.data() + cell * model.student.classes();
    CHECK(std::vector<float>(first, first + model.student.classes()) == alone.logits);
  }
}

TEST_CASE("an empty cell runs on the biases alone", "[unit]") {
  const Model model = test::random_model(5);
  const StudentOutput output = run_student(model.student, test::matrix_of({std::vector<float>(37, 0)}));
  const test::NaiveOutput naive = test::naive_student(model.student, std::vector<float>(37, 0));
  CHECK(output.logits[0] == Approx(naive.logits[0]).margin(kTolerance));
}

TEST_CASE("patterns are scored when asked for, and only if the model has them", "[unit]") {
  std::mt19937_64 rng(6);
  Model model = test::random_model(6);
  const CountMatrix expression = test::random_counts(rng, 4, model.genes.size(), 0.2);
  CHECK(run_student(model.student, expression).patterns.empty());
  CHECK(run_student(model.student, expression, StudentTask::LabelAndExplain).patterns.size() == 4 * 3);
  model.student.patterns = {};
  CHECK(run_student(model.student, expression, StudentTask::LabelAndExplain).patterns.empty());
}

TEST_CASE("the architecture names every width, and the patterns", "[unit]") {
  Student student = test::random_model(1).student;
  CHECK(architecture_of(student) == "mlp-v1:37-18-7-5+direct+3");
  student.patterns = {};
  student.direct = {};
  student.norm.clear();
  CHECK(architecture_of(student) == "mlp-v2:37-18-7-5");
}

}  // namespace plkd

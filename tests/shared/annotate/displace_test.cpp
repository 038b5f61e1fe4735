#include "shared/annotate/displace.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

constexpr std::size_t kWidth = 4;

// Four types on the axes of z, which whitening leaves as it is.
Novelty four_types() {
  Novelty novelty;
  novelty.width = kWidth;
  for (std::size_t i = 0; i < kWidth; ++i)
    for (std::size_t k = 0; k <= i; ++k) novelty.whitening.push_back(i == k ? 1.0F : 0.0F);
  for (std::size_t type = 0; type < 4; ++type)
    for (std::size_t i = 0; i < kWidth; ++i) novelty.centre.push_back(i == type ? 10.0F : 0.0F);
  return novelty;
}

using Step = std::vector<float>;  // [kWidth]

// `cells` of each type, all at their centre moved by the type's step.
TypesSeen seen_at(const Novelty& novelty, const std::vector<Step>& steps,
                  const std::vector<std::int64_t>& cells) {
  TypesSeen seen{std::vector<double>(novelty.centre.size()), cells, 0};
  for (std::size_t type = 0; type < steps.size(); ++type) {
    for (std::size_t i = 0; i < kWidth; ++i)
      seen.sum[type * kWidth + i] = static_cast<double>(cells[type]) *
                                    static_cast<double>(novelty.centre[type * kWidth + i] + steps[type][i]);
    seen.cells += cells[type];
  }
  return seen;
}

float moved(const Novelty& before, const Novelty& after, std::size_t type, std::size_t i) {
  return after.centre[type * kWidth + i] - before.centre[type * kWidth + i];
}

}  // namespace

TEST_CASE("what moves all types alike moves their centres, by hand", "[golden]") {
  const Novelty novelty = four_types();
  const Step step = {0, 1, 0, -1};
  const Novelty found = displaced(novelty, seen_at(novelty, {step, step, step, step}, {60, 60, 60, 60}));
  // Each type has a say of 60 / 80; the three others' displacement is 2.25 / (2.25 + 2) of the step, and it
  // is shown whole.
  const float share = 2.25F / 4.25F;
  for (std::size_t type = 0; type < 4; ++type) {
    CHECK(moved(novelty, found, type, 1) == Approx(share));
    CHECK(moved(novelty, found, type, 3) == Approx(-share));
    CHECK(moved(novelty, found, type, 0) == Approx(0).margin(1e-6));
  }
  // Twice the mean square: 2 * (share^2 + share^2) / 4.
  CHECK(found.allowance == Approx(share * share));
  CHECK(found.whitening == novelty.whitening);
}

TEST_CASE("a type that moves alone, as an unseen one does, takes nothing with it and is not followed",
          "[unit]") {
  const Novelty novelty = four_types();
  const Step still = {0, 0, 0, 0}, away = {0, 0, 3, 3};
  const Novelty found =
      displaced(novelty, seen_at(novelty, {still, still, still, away}, {200, 200, 200, 200}));
  for (std::size_t type = 0; type < 4; ++type)
    for (std::size_t i = 0; i < kWidth; ++i) CHECK(moved(novelty, found, type, i) == Approx(0).margin(1e-6));
  CHECK(found.allowance == 0);
}

TEST_CASE("of one type alone, and of no sure cell, nothing can be told", "[unit]") {
  const Novelty novelty = four_types();
  const Step step = {1, 1, 1, 1}, none = {0, 0, 0, 0};
  CHECK(displaced(novelty, seen_at(novelty, {step, none, none, none}, {500, 0, 0, 0})).centre ==
        novelty.centre);
  CHECK(displaced(novelty, seen_at(novelty, {none, none, none, none}, {0, 0, 0, 0})).allowance == 0);
}

TEST_CASE("centres move no further than cells of a type scatter", "[unit]") {
  const Novelty novelty = four_types();
  const Step far = {0, 30, 0, 40};
  const Novelty found = displaced(novelty, seen_at(novelty, {far, far, far, far}, {900, 900, 900, 900}));
  for (std::size_t type = 0; type < 4; ++type) {
    CHECK(std::hypot(moved(novelty, found, type, 1), moved(novelty, found, type, 3)) ==
          Approx(2));  // root mean square 1 of 4
    CHECK(moved(novelty, found, type, 3) / moved(novelty, found, type, 1) == Approx(40.0 / 30));
  }
}

TEST_CASE("a query's own cells lie nearer to its types than to the reference's", "[unit]") {
  Model model = test::random_model(4);
  test::add_novelty(model, 5);
  model.calibration.temperature = 0.01F;  // every cell is sure
  std::mt19937_64 rng(6);
  test::MemoryReader reader(test::random_counts(rng, 300, model.genes.size(), 0.4), model.genes);
  Query query(reader, model);
  const Novelty found = displace(query, model);
  CHECK(found.allowance > 0);
  const CountMatrix expression = query.expression(0, 300);
  const Annotations before = annotate(model, expression);
  const Annotations after = annotate(model, expression, {.displaced = &found});
  CHECK(after.undisplaced_score == before.unknown_score);
  CHECK(after.best == before.best);
  const auto sum = [](const std::vector<float>& values) {
    float total = 0;
    for (const float value : values) total += value;
    return total;
  };
  CHECK(sum(after.unknown_score) < sum(before.unknown_score));

  const std::vector<std::int32_t> none(300, -1);
  CHECK(displace(query, model, none).centre == model.calibration.novelty.centre);
  model.calibration.novelty = {};
  CHECK(displace(query, model).width == 0);
}

}  // namespace plkd

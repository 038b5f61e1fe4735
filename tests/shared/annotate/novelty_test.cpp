#include "shared/annotate/novelty.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "shared/annotate/annotate.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

// Two types around (0, 0, 0) and (4, 0, 0), the first dimension spread widely, the last two correlated.
struct Reference {
  StudentOutput seen;  // latent [cells x 2], logits [cells x 1]
  std::vector<std::int32_t> label;
};

Reference drawn_reference(std::int64_t cells) {
  std::mt19937_64 rng(3);
  std::normal_distribution<float> normal;
  Reference reference;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const auto type = static_cast<std::int32_t>(cell % 2);
    const float shared = normal(rng);
    reference.label.push_back(type);
    reference.seen.latent.insert(reference.seen.latent.end(), {4.0F * static_cast<float>(type) + 2 * normal(rng), shared});
    reference.seen.logits.push_back(shared + 0.5F * normal(rng));
  }
  return reference;
}

float novelty_at(const Novelty& novelty, float x, float y, float z) {
  return novelty_of(std::vector<float>{x, y}, std::vector<float>{z}, novelty);
}

}  // namespace

TEST_CASE("novelty is the Mahalanobis distance to the nearest type", "[golden]") {
  const Reference reference = drawn_reference(20000);
  const Novelty novelty = fit_novelty(reference.seen, reference.seen, reference.label, 2, {.shrinkage = 0});
  // Of (x, y, z): x has deviation 2 and is independent; y has variance 1, z 1.25, their covariance is 1. By hand: the inverse of
  // ((1, 1), (1, 1.25)) is ((5, -4), (-4, 4)).
  const auto by_hand = [](double x, double y, double z) {
    return std::sqrt((x * x / 4 + 5 * y * y - 8 * y * z + 4 * z * z) / 3);
  };
  constexpr double kSampling = 0.03;
  CHECK(novelty_at(novelty, -2, 0, 0) == Approx(by_hand(-2, 0, 0)).epsilon(kSampling));
  CHECK(novelty_at(novelty, 0, 1, -1) == Approx(by_hand(0, 1, -1)).epsilon(kSampling));
  CHECK(novelty_at(novelty, 4, 2, 2) == Approx(by_hand(0, 2, 2)).epsilon(kSampling));  // the second type is nearer
}

TEST_CASE("cells of the reference have a novelty of about 1, and shrinking changes that little", "[unit]") {
  const Reference reference = drawn_reference(2000);
  for (const double shrinkage : {0.0, 0.7, 1.0}) {
    const Novelty novelty =
        fit_novelty(reference.seen, reference.seen, reference.label, 2, {.shrinkage = shrinkage});
    double sum = 0;
    for (std::size_t cell = 0; cell < reference.label.size(); ++cell) {
      const float own = novelty_at(novelty, reference.seen.latent[2 * cell], reference.seen.latent[2 * cell + 1], reference.seen.logits[cell]);
      sum += static_cast<double>(own) * static_cast<double>(own);
    }
    CHECK(std::sqrt(sum / 2000) == Approx(1).epsilon(0.15));
  }
}

TEST_CASE("directions in which shallow copies of the cells scatter count for less, and the types stay where they are", "[unit]") {
  const Reference reference = drawn_reference(2000);
  StudentOutput shallow = reference.seen;
  for (std::size_t cell = 0; cell < reference.label.size(); ++cell) shallow.latent[2 * cell + 1] -= 3;
  const Novelty plain = fit_novelty(reference.seen, reference.seen, reference.label, 2);
  const Novelty tolerant = fit_novelty(reference.seen, shallow, reference.label, 2);
  CHECK(novelty_at(tolerant, 0, -3, 0) < 0.7F * novelty_at(plain, 0, -3, 0));
  CHECK(novelty_at(tolerant, 8, 0, 0) == Approx(novelty_at(plain, 8, 0, 0)).epsilon(0.05));
  CHECK(novelty_at(tolerant, 0, 0, 0) < 0.1F);
  CHECK(novelty_at(tolerant, 4, 0, 0) < 0.1F);
}

TEST_CASE("a type with a single cell and dimensions that never vary do no harm", "[unit]") {
  const StudentOutput seen = {{0, 0, 0, 0}, {0, 1, 1, 1, 2, 1, 9, 1}, {}};
  const Novelty novelty = fit_novelty(seen, seen, {0, 0, 0, 1}, 2);
  CHECK(novelty_at(novelty, 9, 1, 0) < 1e-3F);
  CHECK(std::isfinite(novelty_at(novelty, 5, 5, 5)));
}

TEST_CASE("labels are unknown by their novelty, which needs the latent", "[unit]") {
  Model model = test::random_model(4);
  test::add_novelty(model, 5);
  std::mt19937_64 rng(6);
  const CountMatrix expression = test::random_counts(rng, 12, model.genes.size(), 0.4);
  StudentOutput output = run_student(model.student, expression);
  model.calibration.novelty_quantiles.assign(101, 0);
  for (int percent = 0; percent <= 100; ++percent)
    model.calibration.novelty_quantiles[static_cast<std::size_t>(percent)] = static_cast<float>(percent) / 20;
  const Annotations labels = decide(model, output, expression);
  const auto width = static_cast<std::size_t>(model.student.latent_width()), classes = model.classes.size();
  for (std::size_t cell = 0; cell < 12; ++cell) {
    const float own = novelty_of({output.latent.data() + cell * width, width}, {output.logits.data() + cell * classes, classes},
                                 model.calibration.novelty);
    if (own < 4.9F) CHECK(labels.unknown_score[cell] == Approx(own / 5).margin(1e-4));
  }
  output.latent.clear();
  CHECK_THROWS(decide(model, output, expression));
}

}  // namespace plkd

#include "shared/student/kernel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "shared/student/run_with.h"
#include "tests/support/matrices.h"
#include "tests/support/random_model.h"

namespace plkd {

namespace {

Weights weights_of(const Linear& layer) { return {layer.in, layer.out, layer.weight.data(), layer.bias.data()}; }

ExpressedGenes expressed_in(const CountMatrix& cells) {
  return {cells.cells(), cells.row_begin.data(), cells.gene.data(), cells.count.data()};
}

// What the kernels compute, as one would write it down.
std::vector<float> obvious_sums(const Linear& layer, const CountMatrix& cells) {
  std::vector<float> y(static_cast<std::size_t>(cells.cells() * layer.out), 0.0F);
  for (std::int64_t cell = 0; cell < cells.cells(); ++cell)
    for (std::int64_t entry = cells.row_begin[static_cast<std::size_t>(cell)];
         entry < cells.row_begin[static_cast<std::size_t>(cell) + 1]; ++entry)
      for (std::int64_t h = 0; h < layer.out; ++h)
        y[static_cast<std::size_t>(cell * layer.out + h)] +=
            cells.count[static_cast<std::size_t>(entry)] *
            layer.weight[static_cast<std::size_t>(cells.gene[static_cast<std::size_t>(entry)] * layer.out + h)];
  return y;
}

std::vector<float> obvious_layer(const Linear& layer, const std::vector<float>& x) {
  std::vector<float> y;
  for (std::size_t first = 0; first < x.size(); first += static_cast<std::size_t>(layer.in))
    for (std::size_t h = 0; h < layer.bias.size(); ++h) {
      float sum = layer.bias[h];
      for (std::size_t in = 0; in < static_cast<std::size_t>(layer.in); ++in)
        sum += x[first + in] * layer.weight[in * layer.bias.size() + h];
      y.push_back(sum);
    }
  return y;
}

std::vector<float> evenly_spaced(float from, float to, std::size_t size) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = from + (to - from) * static_cast<float>(i) / static_cast<float>(size);
  return values;
}

template <class Run>
double best_ms(Run run) {
  double best = 1e9;
  for (int repeat = 0; repeat < 25; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

TEST_CASE("every kernel adds the genes of a cell to the bit as the obvious loop does", "[unit]") {
  std::mt19937_64 rng(1);
  // Widths below, at and between registers; the last two layers are larger than what the kernel takes at a time.
  const auto [genes, width] = GENERATE(table<std::int64_t, std::int64_t>({{40, 1}, {40, 7}, {40, 20}, {300, 64}, {1500, 256}, {9000, 45}}));
  const Linear layer = test::random_linear(rng, genes, width);
  const CountMatrix cells = test::random_counts(rng, 11, genes, 0.2);
  const std::vector<float> expected = obvious_sums(layer, cells);
  for (const Kernel* kernel : kernels()) {
    std::vector<float> y(expected.size(), 0.0F);
    kernel->add_expressed(weights_of(layer), expressed_in(cells), y.data());
    INFO(kernel->name << ", " << genes << " genes, " << width << " outputs");
    CHECK(y == expected);
  }
}

TEST_CASE("every kernel runs a layer to the bit as the obvious loop does", "[unit]") {
  std::mt19937_64 rng(2);
  const std::int64_t width = GENERATE(1, 2, 3, 11, 20, 40, 64, 77), cells = GENERATE(1, 3, 4, 9);
  const Linear layer = test::random_linear(rng, 31, width);
  const std::vector<float> x = test::random_values(rng, cells * layer.in, 2);
  const std::vector<float> expected = obvious_layer(layer, x);
  for (const Kernel* kernel : kernels()) {
    std::vector<float> y(expected.size());
    kernel->run_linear(weights_of(layer), x.data(), cells, y.data());
    INFO(kernel->name << ", " << cells << " cells, " << width << " outputs");
    CHECK(y == expected);
  }
}

TEST_CASE("every kernel gives a Student the same bits", "[unit]") {
  std::mt19937_64 rng(3);
  Model model = test::random_model(3, 2000, 21);
  model.student.hidden = {test::random_linear(rng, 2000, 260), test::random_linear(rng, 260, 7)};
  if (GENERATE(true, false)) model.student.norm.clear();
  else model.student.norm[0].gain = model.student.norm[0].shift = test::random_values(rng, 260, 1);
  const CountMatrix cells = test::random_counts(rng, kCellsTogether + 3, 2000, 0.05);
  const StudentOutput expected = run_student(model.student, cells, StudentTask::LabelAndExplain, *kernels().front());
  for (const Kernel* kernel : kernels().subspan(1)) {
    INFO(kernel->name);
    const StudentOutput output = run_student(model.student, cells, StudentTask::LabelAndExplain, *kernel);
    CHECK(output.logits == expected.logits);
    CHECK(output.latent == expected.latent);
    CHECK(output.map == expected.map);
    CHECK(output.patterns == expected.patterns);
  }
}

TEST_CASE("gelu is exact to 2e-6, and the same in every kernel", "[unit]") {
  constexpr double kTolerance = 2e-6;  // seen 1.8e-6, near 4.1; std::erf in float: 4.5e-7
  const std::vector<float> x = evenly_spaced(-12, 12, 100'003);
  std::vector<float> expected = x;
  kernels().front()->gelu(expected.data(), static_cast<std::int64_t>(x.size()));
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = static_cast<double>(x[i]) / 2 * (1 + std::erf(static_cast<double>(x[i]) / std::sqrt(2.0)));
    largest = std::max(largest, std::abs(static_cast<double>(expected[i]) - exact));
  }
  CHECK(largest < kTolerance);
  for (const Kernel* kernel : kernels()) {
    std::vector<float> y = x;
    kernel->gelu(y.data(), static_cast<std::int64_t>(x.size()));
    CHECK(y == expected);
  }
}

TEST_CASE("gelu of what is far from 0 is that or nothing", "[unit]") {
  for (const Kernel* kernel : kernels()) {
    std::vector<float> x = {-1e30F, -100, -6, 0, 6, 100, 1e30F};
    kernel->gelu(x.data(), static_cast<std::int64_t>(x.size()));
    CHECK(x == std::vector<float>{0, 0, 0, 0, 6, 100, 1e30F});
  }
}

TEST_CASE("softmax is exact to 3e-7, and the same in every kernel", "[unit]") {
  constexpr double kTolerance = 3e-7;
  std::mt19937_64 rng(5);
  const auto classes = static_cast<std::size_t>(GENERATE(1, 2, 3, 8, 11, 20, 37));
  const float temperature = GENERATE(1.0F, 2.37F);
  for (const float spread : {0.1F, 3.0F, 40.0F, 500.0F}) {
    const std::vector<float> logits = test::random_values(rng, static_cast<std::int64_t>(classes), spread);
    double largest = -1e30, sum = 0;
    for (const float logit : logits) largest = std::max(largest, static_cast<double>(logit));
    const auto unnormalised = [&](float logit) {
      return std::exp((static_cast<double>(logit) - largest) / static_cast<double>(temperature));
    };
    for (const float logit : logits) sum += unnormalised(logit);
    std::vector<float> expected = logits;
    kernels().front()->softmax(expected.data(), static_cast<std::int64_t>(classes), temperature);
    for (std::size_t i = 0; i < classes; ++i)
      CHECK(std::abs(static_cast<double>(expected[i]) - unnormalised(logits[i]) / sum) < kTolerance);
    for (const Kernel* kernel : kernels()) {
      std::vector<float> y = logits;
      kernel->softmax(y.data(), static_cast<std::int64_t>(classes), temperature);
      CHECK(y == expected);
    }
  }
}

TEST_CASE("softmax gives nothing to what is infinitely far below, and equal shares to equals", "[unit]") {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  for (const Kernel* kernel : kernels()) {
    std::vector<float> x = {3e4F, -3e4F, kNever, 3e4F, kNever};
    kernel->softmax(x.data(), static_cast<std::int64_t>(x.size()), 1);
    CHECK(x == std::vector<float>{0.5F, 0, 0, 0.5F, 0});
  }
}

TEST_CASE("log-normalising is exact to 3e-7 of the value, and the same in every kernel", "[unit]") {
  constexpr double kTolerance = 3e-7;  // relative
  constexpr float kScale = 3.7F;
  std::vector<float> x = evenly_spaced(0, 3000, 100'003);
  for (float tiny = 1e-8F; tiny < 1; tiny *= 1.01F) x.push_back(tiny);
  std::vector<float> expected = x;
  kernels().front()->log_scaled(expected.data(), static_cast<std::int64_t>(x.size()), kScale);
  double largest = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double exact = std::log1p(static_cast<double>(x[i] * kScale));
    largest = std::max(largest, std::abs(static_cast<double>(expected[i]) / exact - 1));
  }
  CHECK(expected[0] == 0);
  CHECK(largest < kTolerance);
  for (const Kernel* kernel : kernels()) {
    std::vector<float> y = x;
    kernel->log_scaled(y.data(), static_cast<std::int64_t>(x.size()), kScale);
    CHECK(y == expected);
  }
}

TEST_CASE("a value's logarithm does not depend on where it stands", "[property]") {
  const std::vector<float> x = evenly_spaced(0.1F, 9, 37);
  for (const Kernel* kernel : kernels()) {
    std::vector<float> together = x;
    kernel->log_scaled(together.data(), static_cast<std::int64_t>(x.size()), 2);
    for (std::size_t i = 0; i < x.size(); ++i) {
      float alone = x[i];
      kernel->log_scaled(&alone, 1, 2);
      CHECK(alone == together[i]);
    }
  }
}

// Ratios of two loops in one process hold on a busy machine too. A kernel that is no longer compiled to vectors, or no
// longer optimised, gives 1.
TEST_CASE("the kernels are faster than the obvious loops", "[unit]") {
  constexpr double kLeast = 1.5;
  std::mt19937_64 rng(4);
  const Linear first = test::random_linear(rng, 3000, 256), second = test::random_linear(rng, 256, 128);
  const CountMatrix cells = test::random_counts(rng, 64, 3000, 0.07);
  const std::vector<float> x = test::random_values(rng, 64 * 256, 1);
  std::vector<float> y(64 * 256), z(64 * 128);
  float kept = 0;  // so that nothing is optimised away
  const Kernel& kernel = best_kernel();

  const double first_ms = best_ms([&] { kernel.add_expressed(weights_of(first), expressed_in(cells), y.data()); });
  const double obvious_first_ms = best_ms([&] { kept += obvious_sums(first, cells)[5]; });
  const double second_ms = best_ms([&] { kernel.run_linear(weights_of(second), x.data(), 64, z.data()); });
  const double obvious_second_ms = best_ms([&] { kept += obvious_layer(second, x)[5]; });
  INFO(kernel.name << ": first layer " << obvious_first_ms / first_ms << " times, second " << obvious_second_ms / second_ms
                   << " times as fast" << (std::isnan(kept) ? "!" : ""));
  CHECK(obvious_first_ms > kLeast * first_ms);
  CHECK(obvious_second_ms > kLeast * second_ms);
}

}  // namespace plkd

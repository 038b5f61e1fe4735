#include "shared/annotate/calibrate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/annotate/novelty.h"
#include "shared/error.h"
#include "shared/student/kernel.h"

namespace plkd {

namespace {

// Measured: at lower temperatures unseen types stand out less.
constexpr double kEnergyTemperature = 2;

// log sum exp(logits / T), shifted by the largest so that nothing overflows.
double log_sum_exp(std::span<const float> logits, double temperature) {
  const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (const float logit : logits) sum += std::exp((static_cast<double>(logit) - largest) / temperature);
  return largest / temperature + std::log(sum);
}

double negative_log_likelihood(const std::vector<float>& logits, const std::vector<std::int32_t>& label,
                               std::int64_t classes, double temperature) {
  const auto width = static_cast<std::size_t>(classes);
  double sum = 0;
  for (std::size_t cell = 0; cell < label.size(); ++cell) {
    const std::span<const float> of_cell(logits.data() + cell * width, width);
    const double own = static_cast<double>(of_cell[static_cast<std::size_t>(label[cell])]);
    sum += log_sum_exp(of_cell, temperature) - own / temperature;
  }
  return sum;
}

// Golden-section search: the likelihood has one minimum in the temperature.
float fit_temperature(const std::vector<float>& logits, const std::vector<std::int32_t>& label, std::int64_t classes) {
  constexpr double kGolden = 0.6180339887498949;
  double low = 0.7;  // another study is less certain than held-out cells of this one, never more
  double high = 4;
  while (high - low > 1e-3) {
    const double a = high - kGolden * (high - low);
    const double b = low + kGolden * (high - low);
    if (negative_log_likelihood(logits, label, classes, a) < negative_log_likelihood(logits, label, classes, b))
      high = b;
    else
      low = a;
  }
  return static_cast<float>((low + high) / 2);
}

float novelty_or_energy(std::span<const float> latent, std::span<const float> logits, const Novelty& novelty) {
  return novelty.width > 0 ? novelty_of(latent, logits, novelty) : energy(logits);
}

std::vector<float> novelty_quantiles(const HeldOutView& view, std::int64_t classes, const Calibration& calibration) {
  std::vector<float> measured;
  for (std::int64_t cell = 0; cell < view.cells(classes); ++cell)
    measured.push_back(novelty_or_energy(view.latent_of(cell, classes), view.logits_of(cell, classes), calibration.novelty));
  std::sort(measured.begin(), measured.end());
  std::vector<float> quantiles(101);
  for (std::size_t percent = 0; percent <= 100; ++percent) {
    const double at = static_cast<double>(percent) / 100 * static_cast<double>(measured.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t next = std::min(below + 1, measured.size() - 1);
    const auto part = static_cast<float>(at - static_cast<double>(below));
    quantiles[percent] = measured[below] + part * (measured[next] - measured[below]);
  }
  return quantiles;
}

float place_among(const std::vector<float>& quantiles, float of_cell) {
  const float beginning_of_tail = quantiles[quantiles.size() - 2], middle = quantiles[quantiles.size() / 2];
  if (of_cell > beginning_of_tail && beginning_of_tail > middle) {
    const float percent = 1 / static_cast<float>(quantiles.size() - 1);
    return 1 - percent * std::exp((beginning_of_tail - of_cell) / (beginning_of_tail - middle));
  }
  const auto above = std::lower_bound(quantiles.begin(), quantiles.end(), of_cell);
  if (above == quantiles.begin()) return 0;
  if (above == quantiles.end()) return 1;
  const float low = *(above - 1);
  const float step = (of_cell - low) / (*above - low);
  return (static_cast<float>(above - 1 - quantiles.begin()) + step) / static_cast<float>(quantiles.size() - 1);
}

}  // namespace

std::vector<float> probabilities(std::span<const float> logits, float temperature) {
  std::vector<float> probability(logits.begin(), logits.end());
  best_kernel().softmax(probability.data(), static_cast<std::int64_t>(probability.size()), temperature);
  return probability;
}

float energy(std::span<const float> logits) {
  constexpr double scale = kEnergyTemperature;
  return static_cast<float>(-scale * log_sum_exp(logits, scale));
}

float unknown_score(std::span<const float> latent, std::span<const float> logits, const Calibration& calibration) {
  return place_among(calibration.novelty_quantiles, novelty_or_energy(latent, logits, calibration.novelty));
}

UnknownScores unknown_scores(std::span<const float> latent, std::span<const float> logits, std::int64_t cells,
                             const Calibration& calibration, const Novelty& displaced) {
  const auto scores_of = [&](std::vector<float> measured) {
    for (float& of_cell : measured) of_cell = place_among(calibration.novelty_quantiles, of_cell);
    return measured;
  };
  if (displaced.width > 0) {
    const std::vector<float> z = whitened(latent, logits, cells, displaced);
    return {scores_of(novelty_at(z, displaced)), scores_of(novelty_at(z, calibration.novelty))};
  }
  std::vector<float> energies;
  const std::size_t classes = cells == 0 ? 0 : logits.size() / static_cast<std::size_t>(cells);
  for (; !logits.empty(); logits = logits.subspan(classes)) energies.push_back(energy(logits.first(classes)));
  const std::vector<float> scores = scores_of(std::move(energies));
  return {scores, scores};
}

Calibration fit_calibration(const std::vector<HeldOutView>& views, const std::vector<std::int32_t>& label,
                            std::int64_t classes, const std::vector<BroaderTerm>& broader, const Novelty& novelty,
                            const std::vector<PanelView>& panels) {
  if (label.empty() || views.empty()) throw Error(ErrorKind::Internal, "fit_calibration: no held-out cells");
  std::vector<float> logits;
  std::vector<std::int32_t> label_of_logits;
  for (const HeldOutView& view : views) {
    logits.insert(logits.end(), view.logits.begin(), view.logits.end());
    for (std::size_t cell = 0; cell < view.logits.size() / static_cast<std::size_t>(classes); ++cell)
      label_of_logits.push_back(label[cell % label.size()]);
  }
  Calibration calibration;
  calibration.temperature = fit_temperature(logits, label_of_logits, classes);
  calibration.novelty = novelty;
  calibration.novelty_quantiles = novelty_quantiles(views.front(), classes, calibration);
  calibration.promise = fit_promise(views, label, classes, calibration, broader, panels);
  return calibration;
}

}  // namespace plkd

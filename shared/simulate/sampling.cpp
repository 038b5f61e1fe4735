#include "shared/simulate/sampling.h"

#include <cmath>

namespace plkd::sampling {
namespace {

// splitmix64: spreads neighbouring seeds over all 64 bits.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// By multiplying uniforms (Knuth): exact, and quick below about ten.
std::int64_t poisson_of_small(double mean, std::mt19937_64& rng) {
  const double limit = std::exp(-mean);
  std::int64_t count = 0;
  for (double product = uniform(rng); product > limit; product *= uniform(rng)) ++count;
  return count;
}

}  // namespace

std::mt19937_64 generator(std::uint64_t seed, std::uint64_t stream) {
  return std::mt19937_64(mix(mix(seed) ^ stream));
}

double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1p-53; }

// Box and Muller, one of the pair: 1 - u is never 0.
double normal(std::mt19937_64& rng) {
  constexpr double kTwoPi = 6.283185307179586;
  const double radius = std::sqrt(-2 * std::log(1 - uniform(rng)));
  return radius * std::cos(kTwoPi * uniform(rng));
}

// Marsaglia and Tsang (2000); a shape below 1 is drawn one higher and scaled down, as they propose.
double gamma(double shape, std::mt19937_64& rng) {
  if (shape < 1) {
    const double above = gamma(shape + 1, rng);
    return above * std::pow(1 - uniform(rng), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal(rng);
    const double cubed = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (cubed <= 0) continue;
    const double u = 1 - uniform(rng);
    if (std::log(u) < 0.5 * x * x + d - d * cubed + d * std::log(cubed)) return d * cubed;
  }
}

// A sum of Poisson numbers is Poisson with the sum of their means.
std::int64_t poisson(double mean, std::mt19937_64& rng) {
  constexpr double kSmall = 8;
  std::int64_t count = 0;
  for (; mean > kSmall; mean -= kSmall) count += poisson_of_small(kSmall, rng);
  return mean > 0 ? count + poisson_of_small(mean, rng) : count;
}

// Of many trials, draws the middle one of their sorted uniforms, which is beta distributed, and goes on in the half where the
// chance lies: Devroye 1986, Non-Uniform Random Variate Generation, X.4.3.
std::int64_t binomial(std::int64_t trials, double chance, std::mt19937_64& rng) {
  constexpr std::int64_t kFew = 32;
  if (chance <= 0) return 0;
  if (chance >= 1) return trials;
  std::int64_t successes = 0;
  while (trials > kFew) {
    const std::int64_t middle = (trials + 1) / 2;
    const double below = gamma(static_cast<double>(middle), rng);
    const double above = gamma(static_cast<double>(trials + 1 - middle), rng);
    const double drawn = below / (below + above);
    if (drawn <= chance) {
      successes += middle;
      trials -= middle;
      chance = (chance - drawn) / (1 - drawn);
    } else {
      trials = middle - 1;
      chance /= drawn;
    }
  }
  for (; trials > 0; --trials) successes += uniform(rng) < chance;
  return successes;
}

}  // namespace plkd::sampling

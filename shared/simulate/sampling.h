#pragma once

#include <cstdint>
#include <random>

// Random numbers that are the same with every standard library: std::gamma_distribution and its kind are not.
namespace plkd::sampling {

// A generator for one (seed, stream): streams are independent, so a cell does not depend on the cells before it.
std::mt19937_64 generator(std::uint64_t seed, std::uint64_t stream);

double uniform(std::mt19937_64& rng);  // in [0, 1)
double normal(std::mt19937_64& rng);   // mean 0, variance 1
double gamma(double shape, std::mt19937_64& rng);  // mean `shape`, scale 1
std::int64_t poisson(double mean, std::mt19937_64& rng);
std::int64_t binomial(std::int64_t trials, double chance, std::mt19937_64& rng);

}  // namespace plkd::sampling

#pragma once

// Vectors are wider than the oldest processor's registers, but they never cross a call.
#pragma GCC diagnostic ignored "-Wpsabi"

// Into the bodies of kernels for one processor: alone it would be compiled for the oldest.
#define PLKD_INLINE inline __attribute__((always_inline))

namespace plkd {

constexpr float kLeastExponent = -87;  // exp of less is no normal float

// exp(x) is 2^k exp(rest), with k the whole number next to x / log(2): this is the second factor, to 2e-7 of itself. Of a float or of many side
// by side. The polynomial is that of Cephes' expf, as are the two parts of log(2) that rest is made with.
template <class Number>
PLKD_INLINE Number exp_of_rest(const Number& rest) {
  Number sum = rest * 1.9875691500e-4f + 1.3981999507e-3f;
  sum = sum * rest + 8.3334519073e-3f;
  sum = sum * rest + 4.1665795894e-2f;
  sum = sum * rest + 1.6666665459e-1f;
  sum = sum * rest + 5.0000001201e-1f;
  return sum * rest * rest + rest + 1.0f;
}

constexpr float kPowersOfTwo = 1.44269504f;  // in e
constexpr float kLog2High = 0.693359375f, kLog2Low = -2.12194440e-4f;

}  // namespace plkd

// Compiled once for each width of register, see CMakeLists.txt. Nothing here may be an inline function of a header: the linker
// keeps one copy of those, and it could be one that this machine cannot run.

#include "shared/student/kernel.h"

#include <cstdint>

namespace plkd {

extern const Kernel PLKD_KERNEL;

namespace {

constexpr std::int64_t kLanes = PLKD_LANES;
constexpr int kUnrolled = 32 / kLanes;

// As many floats as a register takes, unaligned in memory; a wide register leaves some over, which go four and one at a time.
struct Wide {
  typedef float Vector __attribute__((vector_size(4 * kLanes), aligned(4)));
  static constexpr std::int64_t kWidth = kLanes;
};
struct Narrow {
  typedef float Vector __attribute__((vector_size(16), aligned(4)));
  static constexpr std::int64_t kWidth = 4;
};
struct Single {
  typedef float Vector;
  static constexpr std::int64_t kWidth = 1;
};
typedef Wide::Vector Lanes;
typedef std::int32_t Bits __attribute__((vector_size(4 * kLanes), aligned(4)));

template <class T>
inline typename T::Vector load(const float* at) {
  return *reinterpret_cast<const typename T::Vector*>(at);
}
template <class T>
inline void store(float* at, typename T::Vector value) {
  *reinterpret_cast<typename T::Vector*>(at) = value;
}
// Subtracting zero costs nothing; adding it would be done, for the sake of -0.
template <class T>
inline typename T::Vector all(float value) {
  return value - typename T::Vector{};
}

// y += x[0] * row[0] + x[1] * row[1] + ... of kParts * T::kWidth outputs, one row after the other; then on to the next outputs.
template <class T, int kRows, int kParts>
inline __attribute__((always_inline)) void add_outputs(float* __restrict& y, const float** row, const typename T::Vector* x) {
  for (int part = 0; part < kParts; ++part) {
    typename T::Vector sum = load<T>(y + part * T::kWidth);
    for (int r = 0; r < kRows; ++r) sum += x[r] * load<T>(row[r] + part * T::kWidth);
    store<T>(y + part * T::kWidth, sum);
  }
  for (int r = 0; r < kRows; ++r) row[r] += kParts * T::kWidth;
  y += kParts * T::kWidth;
}

template <class T, int kRows, int kParts>
inline __attribute__((always_inline)) std::int64_t add_while(std::int64_t left, float* __restrict& y, const float** row, const float* x) {
  typename T::Vector broadcast[kRows];
  for (int r = 0; r < kRows; ++r) broadcast[r] = all<T>(x[r]);
  for (; left >= kParts * T::kWidth; left -= kParts * T::kWidth) add_outputs<T, kRows, kParts>(y, row, broadcast);
  return left;
}

// Several rows at a time, so that y is loaded and stored once for them. Kept out of line: V8 compiles a wasm function that is
// called often with its best compiler, and one that runs once not at all.
template <int kRows>
__attribute__((noinline)) void add_rows(float* __restrict y, std::int64_t width, const float* weight, const std::int32_t* gene,
                                        const float* x) {
  const float* row[kRows];
  for (int r = 0; r < kRows; ++r) row[r] = weight + gene[r] * width;
  std::int64_t left = add_while<Wide, kRows, kUnrolled>(width, y, row, x);
  if (left == 0) return;
  left = add_while<Wide, kRows, 1>(left, y, row, x);
  left = add_while<Narrow, kRows, 1>(left, y, row, x);
  add_while<Single, kRows, 1>(left, y, row, x);
}

// Four of a cell's genes at a time, of a block of genes for all cells before the next block. Four that lie across the end of a block
// wait for the next one, so that only a cell's last genes are fewer.
void add_expressed(const Weights& layer, const ExpressedGenes& x, float* y) {
  constexpr std::int64_t kBlock = 1 << 17;  // weights: half of a second cache of 1 MB
  const std::int64_t genes = layer.out >= kBlock ? 1 : kBlock / layer.out;
  std::int64_t next[kCellsTogether];
  for (std::int64_t cell = 0; cell < x.cells; ++cell) next[cell] = x.row_begin[cell];

  for (std::int64_t end_gene = genes; end_gene < layer.in + genes; end_gene += genes)
    for (std::int64_t cell = 0; cell < x.cells; ++cell) {
      const std::int64_t end = x.row_begin[cell + 1];
      std::int64_t entry = next[cell];
      for (; entry + 4 <= end && x.gene[entry + 3] < end_gene; entry += 4)
        add_rows<4>(y + cell * layer.out, layer.out, layer.weight, x.gene + entry, x.value + entry);
      next[cell] = entry;
    }
  for (std::int64_t cell = 0; cell < x.cells; ++cell)
    for (std::int64_t entry = next[cell]; entry < x.row_begin[cell + 1]; ++entry)
      add_rows<1>(y + cell * layer.out, layer.out, layer.weight, x.gene + entry, x.value + entry);
}

// Some cells and outputs of a layer, their sums in registers all the while.
template <class T, int kCells, int kVectors>
__attribute__((noinline)) void run_tile(const Weights& layer, const float* x, float* y, std::int64_t h) {
  typename T::Vector sum[kCells][kVectors];
  for (int cell = 0; cell < kCells; ++cell)
    for (int part = 0; part < kVectors; ++part) sum[cell][part] = load<T>(layer.bias + h + part * T::kWidth);
  const float* weight = layer.weight + h;
  for (std::int64_t in = 0; in < layer.in; ++in, weight += layer.out) {
    typename T::Vector row[kVectors];
    for (int part = 0; part < kVectors; ++part) row[part] = load<T>(weight + part * T::kWidth);
    for (int cell = 0; cell < kCells; ++cell)
      for (int part = 0; part < kVectors; ++part) sum[cell][part] += all<T>(x[cell * layer.in + in]) * row[part];
  }
  for (int cell = 0; cell < kCells; ++cell)
    for (int part = 0; part < kVectors; ++part) store<T>(y + cell * layer.out + h + part * T::kWidth, sum[cell][part]);
}

template <int kCells>
void run_cells(const Weights& layer, const float* x, float* y) {
  std::int64_t h = 0;
  for (; h + 2 * kLanes <= layer.out; h += 2 * kLanes) run_tile<Wide, kCells, 2>(layer, x, y, h);
  for (; h + kLanes <= layer.out; h += kLanes) run_tile<Wide, kCells, 1>(layer, x, y, h);
  for (; h + Narrow::kWidth <= layer.out; h += Narrow::kWidth) run_tile<Narrow, kCells, 1>(layer, x, y, h);
  for (; h + 2 <= layer.out; h += 2) run_tile<Single, kCells, 2>(layer, x, y, h);
  if (h < layer.out) run_tile<Single, kCells, 1>(layer, x, y, h);
}

void run_linear(const Weights& layer, const float* x, std::int64_t cells, float* y) {
  constexpr int kTogether = 4;
  std::int64_t cell = 0;
  for (; cell + kTogether <= cells; cell += kTogether)
    run_cells<kTogether>(layer, x + cell * layer.in, y + cell * layer.out);
  for (; cell < cells; ++cell) run_cells<1>(layer, x + cell * layer.in, y + cell * layer.out);
}

// A register of values at a time; the last ones go through a register of their own.
template <class Function>
inline void change_each(float* value, std::int64_t size, Function function) {
  std::int64_t done = 0;
  for (; done + kLanes <= size; done += kLanes) store<Wide>(value + done, function(load<Wide>(value + done)));
  if (done == size) return;
  float last[kLanes] = {};
  for (std::int64_t i = done; i < size; ++i) last[i - done] = value[i];
  store<Wide>(last, function(load<Wide>(last)));
  for (std::int64_t i = done; i < size; ++i) value[i] = last[i - done];
}

#ifdef __wasm_simd128__
// clang 14 makes a comparison and a choice of what is one instruction.
inline Lanes at_most(Lanes x, float bound) { return __builtin_wasm_pmin_f32x4(x, all<Wide>(bound)); }
inline Lanes at_least(Lanes x, float bound) { return __builtin_wasm_pmax_f32x4(x, all<Wide>(bound)); }
#else
inline Lanes at_most(Lanes x, float bound) { return all<Wide>(bound) < x ? all<Wide>(bound) : x; }
inline Lanes at_least(Lanes x, float bound) { return x < all<Wide>(bound) ? all<Wide>(bound) : x; }
#endif

// erf(x / sqrt(2)) / 2 on [-5.12, 5.12], at whose ends it is 1/2 in float: an odd rational function, fitted for the least error
// of gelu (minimax, linear programs in turn).
inline Lanes half_erf(Lanes x) {
  x = at_least(at_most(x, 5.12F), -5.12F);
  const Lanes x2 = x * x;
  Lanes p = x2 * -2.07409387e-9F + 1.32376486e-7F;
  p = x2 * p + 3.13689806e-5F;
  p = x2 * p + 3.88786994e-3F;
  p = x2 * p + 2.57359779e-2F;
  p = x2 * p + 3.98954214e-1F;
  Lanes q = x2 * 1.19459306e-3F + 2.31861397e-2F;
  q = x2 * q + 2.31273253e-1F;
  q = x2 * q + 1;
  return x * p / q;
}

__attribute__((noinline)) void gelu(float* x, std::int64_t size) {
  change_each(x, size, [](Lanes value) { return value * (0.5F + half_erf(value)); });
}

// e^x, x <= 0: 2^n times a polynomial in what is left of x (that of Cephes' expf); 0 below 2^-126.
inline Lanes exponential(Lanes x) {
  constexpr float kLog2OfE = 1.44269504F, kLog2High = 0.693359375F, kLog2Low = -2.12194440e-4F;
  constexpr float kToInteger = 12582912;  // 1.5 * 2^23: what is added to it is rounded to a whole number, in its last bits
  x = at_least(x, -88.03F);
  const Lanes shifted = x * kLog2OfE + kToInteger;
  const Lanes n = shifted - kToInteger;
  const Bits scale = (reinterpret_cast<Bits>(shifted) - (0x4b400000 - 127)) << 23;
  x = x - n * kLog2High - n * kLog2Low;
  Lanes p = x * 1.9875691500e-4F + 1.3981999507e-3F;
  p = x * p + 8.3334519073e-3F;
  p = x * p + 4.1665795894e-2F;
  p = x * p + 1.6666665459e-1F;
  p = x * p + 5.0000001201e-1F;
  return (x * x * p + x + 1) * reinterpret_cast<Lanes>(scale);
}

__attribute__((noinline)) void softmax(float* logit, std::int64_t size, float temperature) {
  float largest = logit[0];
  for (std::int64_t i = 1; i < size; ++i) largest = largest < logit[i] ? logit[i] : largest;
  const float inverse = 1 / temperature;
  change_each(logit, size, [=](Lanes x) { return exponential((x - largest) * inverse); });
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(logit[i]);
  const auto share = static_cast<float>(1 / sum);
  for (std::int64_t i = 0; i < size; ++i) logit[i] *= share;
}

// log(u), u = 1 + x = m * 2^e with m within [sqrt(1/2), sqrt(2)): a polynomial in m - 1 (that of Cephes' logf) and e * log(2) in
// two parts; then what rounding 1 + x lost, divided by u.
inline Lanes log_1_plus(Lanes x) {
  constexpr std::int32_t kRootHalf = 0x3f3504f3, kMantissa = 0x007fffff;
  constexpr float kLog2High = 0.693359375F, kLog2Low = -2.12194440e-4F;
  const Lanes u = 1 + x;
  const Bits bits = reinterpret_cast<Bits>(u) - kRootHalf;
  const Lanes e = __builtin_convertvector(bits >> 23, Lanes);
  const Lanes f = reinterpret_cast<Lanes>((bits & kMantissa) + kRootHalf) - 1;
  Lanes p = f * 7.0376836292e-2F + -1.1514610310e-1F;
  p = f * p + 1.1676998740e-1F;
  p = f * p + -1.2420140846e-1F;
  p = f * p + 1.4249322787e-1F;
  p = f * p + -1.6668057665e-1F;
  p = f * p + 2.0000714765e-1F;
  p = f * p + -2.4999993993e-1F;
  p = f * p + 3.3333331174e-1F;
  const Lanes f2 = f * f;
  const Lanes lost = (x - (u - 1)) / u;
  return (f * f2 * p + e * kLog2Low - 0.5F * f2 + lost) + f + e * kLog2High;
}

__attribute__((noinline)) void log_scaled(float* value, std::int64_t size, float scale) {
  change_each(value, size, [scale](Lanes count) { return log_1_plus(count * scale); });
}

}  // namespace

const Kernel PLKD_KERNEL = {PLKD_KERNEL_NAME, log_scaled, add_expressed, run_linear, gelu, softmax};

}  // namespace plkd

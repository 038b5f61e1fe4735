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

void add_expressed(const Weights& layer, const ExpressedGenes& x, float* y) {
  constexpr std::int64_t kBlock = 1 << 17;  // weights: half of a second cache of 1 MB
  const std::int64_t genes = layer.out >= kBlock ? 1 : kBlock / layer.out;
  std::int64_t next[kCellsTogether];
  for (std::int64_t cell = 0; cell < x.cells; ++cell) next[cell] = x.row_begin[cell];

  for (std::int64_t end_gene = genes; end_gene < layer.in + genes; end_gene += genes)
    for (std::int64_t cell = 0; cell < x.cells; ++cell) {
      const std::int64_t end_entry = x.row_begin[cell + 1];
      std::int64_t entry = next[cell], end = entry;
      while (end < end_entry && x.gene[end] < end_gene) ++end;
      next[cell] = end;
      float* const sums = y + cell * layer.out;
      for (; entry + 4 <= end; entry += 4) add_rows<4>(sums, layer.out, layer.weight, x.gene + entry, x.value + entry);
      if (entry + 2 <= end) {
        add_rows<2>(sums, layer.out, layer.weight, x.gene + entry, x.value + entry);
        entry += 2;
      }
      if (entry < end) add_rows<1>(sums, layer.out, layer.weight, x.gene + entry, x.value + entry);
    }
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

// A rational function on [-4, 4], beyond which it is 1 in float; its coefficients are those of Eigen's erf. To 4.5e-7.
inline Lanes erf(Lanes x) {
  const Lanes four = all<Wide>(4);
  x = x > four ? four : x;
  x = x < -four ? -four : x;
  const Lanes x2 = x * x;
  Lanes p = x2 * -2.72614225801306e-10F + 2.77068142495902e-08F;
  p = x2 * p + -2.10102402082508e-06F;
  p = x2 * p + -5.69250639462346e-05F;
  p = x2 * p + -7.34990630326855e-04F;
  p = x2 * p + -2.95459980854025e-03F;
  p = x2 * p + -1.60960333262415e-02F;
  Lanes q = x2 * -1.45660718464996e-05F + -2.13374055278905e-04F;
  q = x2 * q + -1.68282697438203e-03F;
  q = x2 * q + -7.37332916720468e-03F;
  q = x2 * q + -1.42647390514189e-02F;
  return x * p / q;
}

__attribute__((noinline)) void gelu(float* x, std::int64_t size) {
  constexpr float kInverseRoot2 = 0.70710678F;
  change_each(x, size, [](Lanes value) { return 0.5F * value * (1 + erf(value * kInverseRoot2)); });
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

const Kernel PLKD_KERNEL = {PLKD_KERNEL_NAME, log_scaled, add_expressed, run_linear, gelu};

}  // namespace plkd

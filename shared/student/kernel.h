#pragma once

#include <cstdint>
#include <span>

namespace plkd {

// Cells that go through a layer together: a block of the first layer's rows stays in the second cache while all of them pass.
constexpr std::int64_t kCellsTogether = 256;

// Some cells of a CountMatrix: cell c has entries [row_begin[c], row_begin[c + 1]) of gene and value.
struct ExpressedGenes {
  std::int64_t cells = 0;  // at most kCellsTogether
  const std::int64_t* row_begin = nullptr;
  const std::int32_t* gene = nullptr;
  const float* value = nullptr;
};

// A layer's numbers, wherever they are kept.
struct Weights {
  std::int64_t in = 0;
  std::int64_t out = 0;
  const float* weight = nullptr;  // [in x out]
  const float* bias = nullptr;    // [out]
};

// The inner loops of log-normalising, of the Student and of its probabilities. There is one source of them, compiled for each
// width of register.
// Lanes run over outputs and nothing is contracted to a fused multiply-add, so every width gives the same bits: an output is
// its bias, plus input times weight in the order of the inputs.
struct Kernel {
  const char* name;

  // value = log(1 + value * scale), of values >= 0; to 3e-7 of itself.
  void (*log_scaled)(float* value, std::int64_t size, float scale);
  // y += x W, touching only the rows of the genes that a cell expresses.
  void (*add_expressed)(const Weights& layer, const ExpressedGenes& x, float* y);  // y [cells x out]
  // y = x W + bias.
  void (*run_linear)(const Weights& layer, const float* x, std::int64_t cells, float* y);  // x [cells x in], y [cells x out]
  // x = x / 2 * (1 + erf(x / sqrt(2))), to 2e-6.
  void (*gelu)(float* x, std::int64_t size);
  // logit = its share of the sum of exp(logit / temperature), to 3e-7; 0 of an infinitely low one.
  void (*softmax)(float* logit, std::int64_t size, float temperature);
};

// Those this machine can run, the narrowest first.
std::span<const Kernel* const> kernels();
// The widest of them.
const Kernel& best_kernel();

}  // namespace plkd

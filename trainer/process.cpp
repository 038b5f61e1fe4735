#include "trainer/process.h"

#include <ATen/Parallel.h>
#include <malloc.h>
#include <omp.h>
#include <unistd.h>

#include <cstdlib>

namespace plkd {
namespace {

// LibTorch's threads spin while they wait for each other, which is ruinous on a machine that others use too:
// measured 109 s for 17 s of work with four neighbours on two cores. OpenMP reads this before main, so the
// program starts itself anew.
void wait_without_spinning(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", argv);  // returns only when it failed; then training is merely slower
}

// Training allocates the same large tensors in every step; giving their pages back in between costs more than
// computing.
void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

void prepare_process(char** argv) {
  wait_without_spinning(argv);
  keep_freed_memory();
}

// A LibTorch from elsewhere brings an OpenMP of its own, which does not tell ours.
void use_threads(int threads) {
  if (threads > 0) at::set_num_threads(threads);
  omp_set_num_threads(at::get_num_threads());
}

}  // namespace plkd

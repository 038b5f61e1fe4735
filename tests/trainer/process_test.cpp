#include "trainer/process.h"

#include <ATen/Parallel.h>

#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <thread>

// Where OpenMP's flags are missing at::parallel_for runs in one thread, as it did here until training was found not to gain from a second.
TEST_CASE("kernels run on the threads that are asked for", "[unit]") {
  const int before = at::get_num_threads();
  for (const int threads : {1, 3}) {
    plkd::use_threads(threads);
    std::mutex mutex;
    std::set<std::thread::id> seen;
    at::parallel_for(0, 3, 1, [&](std::int64_t, std::int64_t) {
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
    CHECK(seen.size() == static_cast<std::size_t>(threads));
  }
  plkd::use_threads(before);
}

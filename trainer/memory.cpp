#include "trainer/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace plkd {
namespace {

// The number in kB beside a name in one of Linux's tables, in MB; 0 when it is not there.
double listed_mb(const char* table, const std::string& name) {
  std::ifstream lines(table);
  for (std::string word; lines >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && lines >> kilobytes) return kilobytes * 1024 / kMegabyte;
  }
  return 0;
}

// What a container may take, of version 2 or 1 of Linux's control groups.
double container_mb() {
  double bytes = 0;
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"})
    if (std::ifstream(path) >> bytes) return bytes / kMegabyte;
  return std::numeric_limits<double>::infinity();
}

}  // namespace

double peak_memory_mb() { return listed_mb("/proc/self/status", "VmHWM"); }

double memory_in_use_mb() {
  return listed_mb("/proc/self/status", "VmRSS") - listed_mb("/proc/self/status", "RssShmem");
}

double free_memory_mb() { return std::min(listed_mb("/proc/meminfo", "MemAvailable"), container_mb()); }

}  // namespace plkd

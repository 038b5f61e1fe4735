#pragma once

namespace plkd {

constexpr double kMegabyte = 1 << 20;

// Of this program, resident; 0 where the system does not tell.
double peak_memory_mb();    // until now
double memory_in_use_mb();  // without the counts that are kept in memory

// What the machine, or the container, has left.
double free_memory_mb();

}  // namespace plkd

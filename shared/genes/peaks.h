#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plkd {

// A stretch of a chromosome, [begin, end) in bases.
struct Interval {
  std::string chromosome;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// A peak's place from its name: "chr1:9776-10668", "chr1-9776-10668" or "chr1_9776_10668"; nothing for other names.
std::optional<Interval> interval_of_peak(const std::string& name);

// Whether a list of features is one of peaks: half or more are named by their place.
bool look_like_peaks(const std::vector<std::string>& names);

}  // namespace plkd

#include "shared/genes/peaks.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace plkd {

namespace {

std::optional<std::int64_t> whole_number(const char* begin, const char* end) {
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || stopped != end || begin == end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Interval> interval_of_peak(const std::string& name) {
  const std::size_t second = name.find_last_of("-_");
  if (second == std::string::npos || second == 0) return std::nullopt;
  const std::size_t first = name.find_last_of(":-_", second - 1);
  if (first == std::string::npos || first == 0) return std::nullopt;
  const auto begin = whole_number(name.data() + first + 1, name.data() + second);
  const auto end = whole_number(name.data() + second + 1, name.data() + name.size());
  if (!begin || !end || *begin < 0 || *end <= *begin) return std::nullopt;
  return Interval{name.substr(0, first), *begin, *end};
}

bool look_like_peaks(const std::vector<std::string>& names) {
  const auto named = std::count_if(names.begin(), names.end(), [](const std::string& name) { return interval_of_peak(name).has_value(); });
  return !names.empty() && 2 * static_cast<std::size_t>(named) >= names.size();
}

}  // namespace plkd

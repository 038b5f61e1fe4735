#include "shared/counts/delimited_number.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "shared/text.h"

namespace plkd {
namespace {

constexpr std::array kPowerOfTen = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

std::string_view without(std::string_view field, std::string_view around) {
  const std::size_t first = field.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return field.substr(first, field.find_last_not_of(around) - first + 1);
}

}  // namespace

std::optional<double> parse_number(std::string_view field) {
  std::uint64_t digits = 0;
  std::size_t n_digits = 0, n_decimals = 0, at = 0;
  bool is_fraction = false;
  for (; at < field.size() && n_digits < kPowerOfTen.size(); ++at) {
    const char letter = field[at];
    if (letter >= '0' && letter <= '9') {
      digits = 10 * digits + static_cast<std::uint64_t>(letter - '0');
      ++n_digits;
      n_decimals += is_fraction ? 1 : 0;
    } else if (letter == '.' && !is_fraction) {
      is_fraction = true;
    } else {
      break;
    }
  }
  // Both below 2^53, so the quotient is rounded once and equals what strtod gives, at a tenth of the time.
  if (at == field.size() && n_digits > 0) return static_cast<double>(digits) / kPowerOfTen[n_decimals];
  const std::string text(without(field, "\" "));
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (*end != '\0' || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool is_missing(std::string_view field) {
  const std::string word = lower_case(std::string(without(field, "\" ")));
  for (const char* missing : {"", "na", "nan", "n/a", "null", "none", "inf", "-inf"})
    if (word == missing) return true;
  return false;
}

}  // namespace plkd

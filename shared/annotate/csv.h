#pragma once

#include <cstdio>
#include <string>

namespace plkd {

// A field as RFC 4180 wants it: in quotes when it holds the separator, a quote or a line break.
inline std::string quoted_for_csv(const std::string& field, char separator = ',') {
  if (field.find(separator) == std::string::npos && field.find_first_of("\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char letter : field) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

// Six significant digits, as much as a float holds.
inline std::string number_for_csv(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace plkd

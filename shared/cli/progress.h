#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace plkd {

enum class Verbosity { Normal, Quiet };

// Progress of long work on standard error: a bar that redraws itself on a terminal, a plain line every few seconds otherwise,
// nothing when quiet.
class Progress {
 public:
  Progress(std::string what, std::int64_t total, Verbosity verbosity);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `note` is shown behind the figures: "validation macro F1 0.91".
  void set(std::int64_t done, const std::string& note = "");
  // The last line, with the time it took.
  void finish(const std::string& note = "");

 private:
  void draw(std::int64_t done, const std::string& note);

  std::string what_;
  std::int64_t total_;
  bool quiet_;
  bool terminal_;
  bool finished_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace plkd

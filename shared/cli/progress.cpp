#include "shared/cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace plkd {

namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr double kTerminalInterval_s = 0.1;
constexpr double kPlainInterval_s = 5;
constexpr int kBarWidth = 24;

double seconds_since(steady_clock::time_point start) { return duration<double>(steady_clock::now() - start).count(); }

}  // namespace

Progress::Progress(std::string what, std::int64_t total, Verbosity verbosity)
    : what_(std::move(what)),
      total_(std::max<std::int64_t>(total, 1)),
      quiet_(verbosity == Verbosity::Quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(steady_clock::now()),
      drawn_(start_) {}

Progress::~Progress() {
  // Left by an exception: the error's message must start on a line of its own.
  if (!finished_ && !quiet_ && terminal_) std::fputc('\n', stderr);
}

void Progress::set(std::int64_t done, const std::string& note) {
  const double interval_s = terminal_ ? kTerminalInterval_s : kPlainInterval_s;
  if (quiet_ || seconds_since(drawn_) < interval_s) return;
  drawn_ = steady_clock::now();
  draw(done, note);
}

void Progress::draw(std::int64_t done, const std::string& note) {
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  const double elapsed_s = seconds_since(start_);
  const double left_s = done > 0 ? elapsed_s / share - elapsed_s : 0;
  if (terminal_) {
    const int filled = std::clamp(static_cast<int>(share * kBarWidth), 0, kBarWidth);
    const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                            std::string(static_cast<std::size_t>(kBarWidth - filled), '.');
    std::fprintf(stderr, "\r%-22s [%s] %3.0f %%  %.0f s left  %s\033[K", what_.c_str(), bar.c_str(), 100 * share, left_s,
                 note.c_str());
  } else {
    std::fprintf(stderr, "%s: %.0f %%, %.0f s left%s%s\n", what_.c_str(), 100 * share, left_s, note.empty() ? "" : ", ",
                 note.c_str());
  }
  std::fflush(stderr);
}

void Progress::finish(const std::string& note) {
  if (finished_) return;
  finished_ = true;
  if (quiet_) return;
  std::fprintf(stderr, "%s%s: done in %.1f s%s%s%s\n", terminal_ ? "\r" : "", what_.c_str(), seconds_since(start_),
               note.empty() ? "" : ", ", note.c_str(), terminal_ ? "\033[K" : "");
}

}  // namespace plkd

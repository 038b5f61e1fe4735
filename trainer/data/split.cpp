#include "trainer/data/split.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>

namespace plkd {
namespace {

constexpr double kMaxShare = 0.4;
constexpr std::size_t kFewCells = 50;
constexpr std::size_t kMinBatches = 3;

// Fisher-Yates with the modulus spelt out: std::shuffle differs between standard libraries.
template <class T>
void shuffle(std::vector<T>& values, std::mt19937_64& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng() % i]);
}

std::vector<std::vector<std::int64_t>> cells_by(const std::vector<std::int32_t>& group) {
  std::vector<std::vector<std::int64_t>> members;
  for (std::size_t cell = 0; cell < group.size(); ++cell) {
    const auto g = static_cast<std::size_t>(group[cell]);
    if (g >= members.size()) members.resize(g + 1);
    members[g].push_back(static_cast<std::int64_t>(cell));
  }
  return members;
}

Split split_of(const std::vector<bool>& is_held_out, std::string how) {
  Split split;
  for (std::size_t cell = 0; cell < is_held_out.size(); ++cell) {
    (is_held_out[cell] ? split.held_out : split.train).push_back(static_cast<std::int64_t>(cell));
  }
  split.how = std::move(how);
  return split;
}

Split stratified(const std::vector<std::int32_t>& label, const SplitOptions& options) {
  std::mt19937_64 rng(options.seed);
  std::vector<bool> is_held_out(label.size());
  for (std::vector<std::int64_t>& cells : cells_by(label)) {
    shuffle(cells, rng);
    // A rare class keeps its cells: two of five would be a loss to learning and no gain to calibrating. Only of a
    // reference of a few cells one of each class is spared.
    const auto wanted =
        static_cast<std::size_t>(std::lround(options.held_out_share * static_cast<double>(cells.size())));
    const std::size_t count = label.size() < kFewCells && cells.size() > 2 ? std::max<std::size_t>(wanted, 1) : wanted;
    for (std::size_t i = 0; i < count; ++i) is_held_out[static_cast<std::size_t>(cells[i])] = true;
  }
  return split_of(is_held_out, "stratified by label");
}

// Cells of each class in each batch.
std::vector<std::vector<std::int64_t>> class_counts(const std::vector<std::int32_t>& label,
                                                    const std::vector<std::int32_t>& batch,
                                                    std::size_t batches) {
  const auto classes = static_cast<std::size_t>(*std::max_element(label.begin(), label.end())) + 1;
  std::vector<std::vector<std::int64_t>> counts(batches, std::vector<std::int64_t>(classes));
  for (std::size_t cell = 0; cell < label.size(); ++cell) {
    ++counts[static_cast<std::size_t>(batch[cell])][static_cast<std::size_t>(label[cell])];
  }
  return counts;
}

// Holding the batch out must leave every class at least two cells, or all it had.
bool can_spare(const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& batch) {
  for (std::size_t c = 0; c < left.size(); ++c) {
    if (batch[c] > 0 && left[c] - batch[c] < 2) return false;
  }
  return true;
}

// Takes batches in a random order as long as they fit: one at least if any does, more up to the share wanted.
std::vector<std::size_t> batches_to_hold_out(const std::vector<std::vector<std::int64_t>>& counts,
                                             double cells, const SplitOptions& options) {
  std::mt19937_64 rng(options.seed);
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order, rng);
  std::vector<std::int64_t> left(counts.front().size());
  for (const std::vector<std::int64_t>& batch : counts) {
    for (std::size_t c = 0; c < left.size(); ++c) left[c] += batch[c];
  }
  std::vector<std::size_t> chosen;
  double share = 0;
  for (const std::size_t b : order) {
    const double size =
        static_cast<double>(std::accumulate(counts[b].begin(), counts[b].end(), std::int64_t{0}));
    const double limit = chosen.empty() ? kMaxShare : options.held_out_share * 1.2;
    if (share + size / cells > limit || !can_spare(left, counts[b])) continue;
    for (std::size_t c = 0; c < left.size(); ++c) left[c] -= counts[b][c];
    share += size / cells;
    chosen.push_back(b);
  }
  // Too few cells would choose and calibrate by chance.
  if (share < options.held_out_share / 2) chosen.clear();
  return chosen;
}

}  // namespace

Split split_cells(const std::vector<std::int32_t>& label, const std::vector<std::int32_t>& batch,
                  const std::vector<std::string>& batch_names, const SplitOptions& options) {
  if (batch_names.size() < kMinBatches || label.empty()) return stratified(label, options);
  const std::vector<std::size_t> chosen = batches_to_hold_out(class_counts(label, batch, batch_names.size()),
                                                              static_cast<double>(label.size()), options);
  if (chosen.empty()) return stratified(label, options);

  std::string how = "batches held out:";
  std::vector<bool> is_held_out(label.size());
  for (const std::size_t b : chosen) {
    how += (b == chosen.front() ? " '" : ", '") + batch_names[b] + "'";
    for (std::size_t cell = 0; cell < label.size(); ++cell) {
      if (static_cast<std::size_t>(batch[cell]) == b) is_held_out[cell] = true;
    }
  }
  return split_of(is_held_out, how);
}

std::vector<std::int64_t> oversample(const std::vector<std::int32_t>& label, std::mt19937_64& rng) {
  constexpr std::size_t kMostDraws = 2000000;
  const std::vector<std::vector<std::int64_t>> classes = cells_by(label);
  std::size_t largest = 0;
  for (const std::vector<std::int64_t>& cells : classes) largest = std::max(largest, cells.size());
  largest = std::min(largest, kMostDraws / std::max<std::size_t>(classes.size(), 1));
  std::vector<std::int64_t> draws;
  for (const std::vector<std::int64_t>& cells : classes) {
    for (std::size_t i = 0; i < largest && !cells.empty(); ++i) draws.push_back(cells[rng() % cells.size()]);
  }
  shuffle(draws, rng);
  return draws;
}

Split oversample_then_split(const std::vector<std::int32_t>& label, const SplitOptions& options) {
  constexpr double kHeldOut = 0.3;
  std::mt19937_64 rng(options.seed);
  const std::vector<std::int64_t> draws = oversample(label, rng);
  const auto held_out =
      static_cast<std::ptrdiff_t>(std::lround(kHeldOut * static_cast<double>(draws.size())));
  Split split;
  split.held_out.assign(draws.begin(), draws.begin() + held_out);
  split.train.assign(draws.begin() + held_out, draws.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  std::sort(split.train.begin(), split.train.end());
  for (std::int64_t cell = 0; cell < static_cast<std::int64_t>(label.size()); ++cell) {
    if (!std::binary_search(split.train.begin(), split.train.end(), cell)) split.never_drawn.push_back(cell);
  }
  split.how = "classes oversampled, then draws held out";
  return split;
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace plkd {

struct SplitOptions {
  // Share of cells held out to calibrate and to score. No network learns from them before that is done.
  double held_out_share = 0.15;
  std::uint64_t seed = 1;
};

struct Split {
  std::vector<std::int64_t> train;     // ascending
  std::vector<std::int64_t> held_out;  // ascending
  std::string how;                     // "stratified by label", "batches held out: 'donor 3'"
  // Where copies of a cell are on both sides: the cells that are not in `train`, ascending. Only they score
  // honestly.
  std::vector<std::int64_t> never_drawn;
};

// Splits before anything is balanced or chosen, so that no cell, nor a copy of one, is on both sides. With
// three batches or more whole batches are held out, as another study would be; where that would take a class
// from the training part or more than 40 % of the cells, and with fewer batches, cells are held out of each
// class alike. A class of fewer than 4 cells stays in training whole.
Split split_cells(const std::vector<std::int32_t>& label,  // [cells], class
                  const std::vector<std::int32_t>& batch,  // [cells], index into `batch_names`
                  const std::vector<std::string>& batch_names, const SplitOptions& options = {});

// As many cells of each class as the largest has, drawn with replacement, in random order.
std::vector<std::int64_t> oversample(const std::vector<std::int32_t>& label,  // [cells], class
                                     std::mt19937_64& rng);

// The published order, for ablations: classes are oversampled first, then 30 % of the draws are held out.
// Cells that were drawn twice tend to be on both sides.
Split oversample_then_split(const std::vector<std::int32_t>& label, const SplitOptions& options = {});

}  // namespace plkd

#include "shared/embed/umap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "shared/error.h"
#include "shared/simulate/sampling.h"

namespace plkd {

namespace {

// The low-dimensional membership 1 / (1 + a d^2b) (Definition 11), fitted to 1 up to min_dist 0.1 and exp(-(d - 0.1)) beyond.
constexpr float kA = 1.5769434F, kB = 0.8950609F;
constexpr float kMostMoved = 4;   // along an axis, by one pull or push
constexpr float kStartWidth = 10;
constexpr double kJitter = 1e-3;
constexpr int kPushes = 5;        // away from random cells, for each pull
constexpr std::int64_t kMultiplications = 800'000'000;  // a step of the search
constexpr std::int64_t kMoves = 2'000'000;               // a step of the moving, pulls and pushes

// Scaled to the same width along both axes, as umap-learn scales its start.
std::vector<float> scaled(std::vector<float> start, std::mt19937_64& rng) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (std::size_t at = axis; at < start.size(); at += 2) {
      low = std::min(low, start[at]);
      high = std::max(high, start[at]);
    }
    const float scale = high > low ? kStartWidth / (high - low) : 0;
    for (std::size_t at = axis; at < start.size(); at += 2)
      start[at] = (start[at] - low) * scale + static_cast<float>(kJitter * sampling::normal(rng));
  }
  return start;
}

float clipped(float move) { return std::clamp(move, -kMostMoved, kMostMoved); }

// The gradients of the cross-entropy, times the difference of the places: Section 3.2.
float pull(float squared) {
  if (squared <= 0) return 0;
  const float power = std::pow(squared, kB);
  return -2 * kA * kB * power / (squared * (1 + kA * power));
}

float push(float squared) {
  constexpr float kNoDivisionByZero = 1e-3F;
  if (squared <= 0) return 0;
  return 2 * kB / ((kNoDivisionByZero + squared) * (1 + kA * std::pow(squared, kB)));
}

}  // namespace

Umap::Umap(Latents latents, std::vector<float> start, const UmapOptions& options)
    : search_(std::move(latents)), options_(options), rng_(sampling::generator(options.seed, 0)) {
  const std::int64_t cells = search_.latents().cells();
  if (static_cast<std::int64_t>(start.size()) != 2 * cells)
    throw Error(ErrorKind::Internal, "umap: the start has not one place for each cell");
  places_ = scaled(std::move(start), rng_);
  constexpr std::int64_t kMany = 10000;
  rounds_ = options.rounds > 0 ? options.rounds : cells > kMany ? 200 : 500;
}

void Umap::step() {
  if (is_done()) return;
  if (is_moving()) move();
  else find_neighbours();
}

double Umap::progress() const {
  if (is_moving()) return static_cast<double>(round_) / rounds_;
  return static_cast<double>(found_) / static_cast<double>(latents().cells());
}

void Umap::find_neighbours() {
  const std::int64_t cells = latents().cells();
  const std::int64_t some = std::max<std::int64_t>(64, kMultiplications / (cells * std::max<std::int64_t>(latents().width, 1)));
  const Neighbours more = search_.of(found_, std::min(found_ + some, cells), options_.neighbours);
  neighbours_.k = more.k;
  neighbours_.cell.insert(neighbours_.cell.end(), more.cell.begin(), more.cell.end());
  neighbours_.distance.insert(neighbours_.distance.end(), more.distance.begin(), more.distance.end());
  found_ = std::min(found_ + some, cells);
  if (found_ == cells) make_edges();
}

// An edge pulls in a share of the rounds that is its weight over the largest: Algorithm 5. Those that never would are left out.
void Umap::make_edges() {
  edges_ = fuzzy_graph(neighbours_);
  neighbours_ = {};
  float largest = 0;
  for (const FuzzyEdge& edge : edges_) largest = std::max(largest, edge.weight);
  const float least = largest / static_cast<float>(rounds_);
  edges_.erase(std::remove_if(edges_.begin(), edges_.end(), [&](const FuzzyEdge& edge) { return edge.weight < least; }),
               edges_.end());
  for (const FuzzyEdge& edge : edges_) {
    period_.push_back(largest / edge.weight);
    next_pull_.push_back(period_.back());
    next_push_.push_back(period_.back() / kPushes);
  }
}

void Umap::move() {
  std::int64_t moves = 0;
  while (moves < kMoves && round_ < rounds_) moves += std::max<std::int64_t>(move_one_round(), kMoves / 500);
}

// Algorithm 5, with a learning rate that falls to 0. Returns how many pulls and pushes there were.
__attribute__((noinline)) std::int64_t Umap::move_one_round() {
  const auto now = static_cast<float>(round_);
  const float rate = 1 - now / static_cast<float>(rounds_);
  const auto cells = static_cast<std::uint64_t>(places_.size() / 2);
  std::int64_t moves = 0;
  for (std::size_t at = 0; at < edges_.size(); ++at) {
    if (next_pull_[at] > now) continue;
    float* from = places_.data() + 2 * static_cast<std::size_t>(edges_[at].from);
    float* to = places_.data() + 2 * static_cast<std::size_t>(edges_[at].to);
    const float x = from[0] - to[0], y = from[1] - to[1];
    const float pulled = pull(x * x + y * y);
    const float move_x = rate * clipped(pulled * x), move_y = rate * clipped(pulled * y);
    from[0] += move_x;
    from[1] += move_y;
    to[0] -= move_x;
    to[1] -= move_y;
    next_pull_[at] += period_[at];

    const float push_period = period_[at] / kPushes;
    const int pushes = static_cast<int>((now - next_push_[at]) / push_period);
    for (int i = 0; i < pushes; ++i) {
      const std::uint64_t drawn = (rng_() >> 32) * cells >> 32;  // uniform
      if (static_cast<std::int32_t>(drawn) == edges_[at].from) continue;
      const float* other = places_.data() + 2 * drawn;
      const float away_x = from[0] - other[0], away_y = from[1] - other[1];
      const float pushed = push(away_x * away_x + away_y * away_y);
      from[0] += rate * clipped(pushed * away_x);
      from[1] += rate * clipped(pushed * away_y);
    }
    next_push_[at] += static_cast<float>(pushes) * push_period;
    moves += 1 + pushes;
  }
  ++round_;
  return moves;
}

}  // namespace plkd

#include "shared/integration/neighbour_graph.h"

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

namespace plkd {

namespace {

// Parts of a graph, joined link by link.
class Parts {
 public:
  explicit Parts(std::size_t cells) : parent_(cells) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t of(std::size_t cell) {
    while (parent_[cell] != cell) cell = parent_[cell] = parent_[parent_[cell]];
    return cell;
  }
  void join(std::size_t a, std::size_t b) { parent_[of(a)] = of(b); }

 private:
  std::vector<std::size_t> parent_;
};

// Four floats in one register.
typedef float Lanes __attribute__((vector_size(16), aligned(4)));
constexpr std::size_t kTogether = 16;  // cells in a block of four registers
constexpr std::size_t kRows = 3;       // cells that are multiplied with a block at once: twelve sums fit the registers

// A squared distance by the product is off by less than this share of the two squared norms.
constexpr float kRounding = 1e-5F;

// product [kRows x stride] of three cells with a block of sixteen, [width x 16]. Kept out of line for V8, see kernel_lanes.cpp.
__attribute__((noinline)) void multiply(const float* const* cells, const float* block, std::size_t width, float* product,
                                        std::size_t stride) {
  Lanes sum[kRows][4] = {};
  for (std::size_t i = 0; i < width; ++i) {
    const auto* of_block = reinterpret_cast<const Lanes*>(block + i * kTogether);
    const Lanes b0 = of_block[0], b1 = of_block[1], b2 = of_block[2], b3 = of_block[3];
    for (std::size_t row = 0; row < kRows; ++row) {
      const Lanes x = Lanes{} + cells[row][i];
      sum[row][0] += x * b0;
      sum[row][1] += x * b1;
      sum[row][2] += x * b2;
      sum[row][3] += x * b3;
    }
  }
  for (std::size_t row = 0; row < kRows; ++row) {
    auto* to = reinterpret_cast<Lanes*>(product + row * stride);
    for (std::size_t at = 0; at < 4; ++at) to[at] = sum[row][at];
  }
}

// Around their mean, which leaves less to rounding.
Latents centred(const Latents& latents) {
  const auto width = static_cast<std::size_t>(latents.width);
  std::vector<double> mean(width);
  for (std::size_t at = 0; at < latents.value.size(); ++at) mean[at % width] += static_cast<double>(latents.value[at]);
  for (double& of_axis : mean) of_axis /= static_cast<double>(latents.cells());
  Latents result{latents.width, {}};
  for (std::size_t at = 0; at < latents.value.size(); ++at)
    result.value.push_back(static_cast<float>(static_cast<double>(latents.value[at]) - mean[at % width]));
  return result;
}

// The cells that may be among the k nearest to one at `squares` `own` from the mean: `squares` and `product` with it [cells].
class Candidates {
 public:
  explicit Candidates(std::size_t k) : k_(k) {}

  const std::vector<std::int32_t>& among(const std::vector<float>& squares, const float* product, std::int32_t cell) {
    nearest_.clear();
    possible_.clear();
    chosen_.clear();
    const float own = squares[static_cast<std::size_t>(cell)];
    float furthest = std::numeric_limits<float>::infinity();  // that the k-th can be
    for (std::size_t other = 0; other < squares.size(); ++other) {
      const float both = squares[other] + own;
      const float squared = both - 2 * product[other], off = kRounding * both;
      if (squared - off > furthest || static_cast<std::int32_t>(other) == cell) continue;
      possible_.emplace_back(squared - off, static_cast<std::int32_t>(other));
      nearest_.push_back(squared + off);
      std::push_heap(nearest_.begin(), nearest_.end());
      if (nearest_.size() > k_) {
        std::pop_heap(nearest_.begin(), nearest_.end());
        nearest_.pop_back();
      }
      if (nearest_.size() == k_) furthest = nearest_.front();
    }
    for (const auto& [at_least, other] : possible_)
      if (at_least <= furthest) chosen_.push_back(other);
    return chosen_;
  }

 private:
  std::size_t k_;
  std::vector<float> nearest_;  // a heap of the k smallest that a squared distance can at most be
  std::vector<std::pair<float, std::int32_t>> possible_;
  std::vector<std::int32_t> chosen_;
};

}  // namespace

NeighbourSearch::NeighbourSearch(Latents latents) : latents_(std::move(latents)) {
  const auto cells = static_cast<std::size_t>(latents_.cells()), width = static_cast<std::size_t>(latents_.width);
  centred_ = centred(latents_);
  blocks_.resize((cells + kTogether - 1) / kTogether * kTogether * width);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double squares = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const float value = centred_.value[cell * width + i];
      blocks_[(cell / kTogether * width + i) * kTogether + cell % kTogether] = value;
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    squares_.push_back(static_cast<float>(squares));
  }
}

Neighbours NeighbourSearch::of(std::int64_t first, std::int64_t end, std::int64_t k) const {
  Neighbours neighbours;
  neighbours.k = std::clamp<std::int64_t>(k, 0, std::max<std::int64_t>(latents_.cells() - 1, 0));
  if (neighbours.k == 0) return neighbours;
  const auto width = static_cast<std::size_t>(latents_.width);
  const std::size_t padded = blocks_.size() / width;
  const auto latent_of = [&](std::int64_t cell) {
    return Eigen::Map<const Eigen::VectorXf>(latents_.value.data() + cell * latents_.width, static_cast<Eigen::Index>(width));
  };
  // Rows of the product that are made at once: few enough to stay in the cache, enough to use each block often.
  constexpr std::int64_t kPart = 16 * static_cast<std::int64_t>(kRows);
  std::vector<float> product(static_cast<std::size_t>(kPart) * padded);
  Candidates candidates(static_cast<std::size_t>(neighbours.k));
  std::vector<std::pair<float, std::int32_t>> found;
  for (std::int64_t begin = first; begin < end; begin += kPart) {
    const std::int64_t rows = std::min(kPart, end - begin);
    for (std::size_t block = 0; block < padded / kTogether; ++block) {
      for (std::int64_t row = 0; row < rows; row += kRows) {
        const float* cells[kRows];
        // The last three may be fewer: the last of them is multiplied again.
        for (std::size_t at = 0; at < kRows; ++at)
          cells[at] = centred_.value.data() + std::min(begin + row + static_cast<std::int64_t>(at), end - 1) * latents_.width;
        multiply(cells, blocks_.data() + block * width * kTogether, width,
                 product.data() + static_cast<std::size_t>(row) * padded + block * kTogether, padded);
      }
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto cell = static_cast<std::int32_t>(begin + row);
      found.clear();
      for (const std::int32_t other : candidates.among(squares_, product.data() + static_cast<std::size_t>(row) * padded, cell))
        found.emplace_back((latent_of(cell) - latent_of(other)).norm(), other);
      std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(neighbours.k), found.end());
      for (std::size_t at = 0; at < static_cast<std::size_t>(neighbours.k); ++at) {
        neighbours.distance.push_back(found[at].first);
        neighbours.cell.push_back(found[at].second);
      }
    }
  }
  return neighbours;
}

Neighbours nearest_neighbours(const Latents& latents, std::int64_t k) {
  return NeighbourSearch(latents).of(0, latents.cells(), k);
}

double graph_connectivity(const Neighbours& neighbours, const Partition& types, std::int64_t k) {
  const auto cells = static_cast<std::size_t>(types.cells());
  const auto width = static_cast<std::size_t>(neighbours.k);
  const auto links = static_cast<std::size_t>(std::min(k, neighbours.k));
  Parts parts(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t link = 0; link < links; ++link) {
      const auto other = static_cast<std::size_t>(neighbours.cell[cell * width + link]);
      if (types.group[cell] == types.group[other]) parts.join(cell, other);
    }
  }
  // A part is of one type, so the largest part of a type is found among its cells' parts.
  std::vector<std::int64_t> in_part(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) ++in_part[parts.of(cell)];
  std::vector<std::int64_t> in_type(static_cast<std::size_t>(types.groups)), largest(in_type.size());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const auto type = static_cast<std::size_t>(types.group[cell]);
    ++in_type[type];
    largest[type] = std::max(largest[type], in_part[cell]);
  }
  double sum = 0;
  for (std::size_t type = 0; type < in_type.size(); ++type)
    sum += static_cast<double>(largest[type]) / static_cast<double>(in_type[type]);
  return sum / static_cast<double>(types.groups);
}

}  // namespace plkd

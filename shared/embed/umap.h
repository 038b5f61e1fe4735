#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "shared/embed/fuzzy_graph.h"
#include "shared/integration/neighbour_graph.h"

namespace plkd {

struct UmapOptions {
  // Raising it shows more of the whole and less of the neighbourhood.
  std::int64_t neighbours = 15;
  // Rounds over all edges; 0 takes 500, or 200 of more than 10,000 cells, as umap-learn does.
  std::int32_t rounds = 0;
  std::uint64_t seed = 1;
};

// Lays cells out in two dimensions so that neighbours stay neighbours: UMAP (McInnes, Healy and Melville 2018,
// arXiv:1802.03426) with min_dist 0.1, in steps, so that one can watch. The same seed gives the same places bit for bit, however
// the steps are taken.
class Umap {
 public:
  // `start` [cells x 2]: where the cells begin, at any scale. Cells of one start come apart by a little jitter.
  Umap(Latents latents, std::vector<float> start, const UmapOptions& options = {});

  // A bit more, some 0.1 to 0.2 s in a browser.
  void step();
  bool is_moving() const { return found_ == latents().cells(); }  // all neighbours are found
  bool is_done() const { return is_moving() && round_ == rounds_; }
  double progress() const;  // of what it does now, finding neighbours or moving; 0 to 1

  const Latents& latents() const { return search_.latents(); }
  const std::vector<float>& places() const { return places_; }  // [cells x 2]

 private:
  void find_neighbours();
  void make_edges();
  void move();
  std::int64_t move_one_round();

  NeighbourSearch search_;
  std::vector<float> places_;
  UmapOptions options_;
  std::int32_t rounds_;
  std::int32_t round_ = 0;
  std::int64_t found_ = 0;  // cells with neighbours
  Neighbours neighbours_;
  std::vector<FuzzyEdge> edges_;
  std::vector<float> period_;       // [edges], rounds between two pulls
  std::vector<float> next_pull_;    // [edges], round
  std::vector<float> next_push_;    // [edges]
  std::mt19937_64 rng_;
};

}  // namespace plkd

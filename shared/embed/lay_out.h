#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/annotate/sample_cells.h"
#include "shared/embed/place_among.h"
#include "shared/embed/umap.h"

namespace plkd {

enum class LayoutStep { Reading, Neighbours, Moving, Placing, Done };

struct LayoutOptions {
  // Cells laid out, in blocks spread evenly over the file; the others are placed among them.
  std::int64_t most = 20000;
  UmapOptions umap = {};
};

// A UMAP of the Student's latents of a query, a bit at a time. Memory grows with the cells by their places alone.
class Layout {
 public:
  // `start` [cells x 2]: where the cells begin, the model's own map for one.
  Layout(Query& query, const Model& model, const std::vector<float>& start, const LayoutOptions& options = {});

  void step();  // some 0.1 to 0.3 s in a browser
  LayoutStep now() const;
  double share() const;  // done, 0 to 1

  // Cells that have a place and where it is: those laid out, at the end all. No places before they move.
  std::vector<std::int64_t> cells() const;
  std::vector<float> places() const;  // [cells() x 2]

 private:
  void read();
  void start_placing();
  void place();
  std::vector<float> latents_of(const CellRange& range);

  Query& query_;
  const Model& model_;
  LayoutOptions options_;
  std::vector<CellRange> sampled_;
  std::size_t ranges_read_ = 0;
  Latents latents_;           // of the sampled cells, until the layout takes them
  std::vector<float> start_;  // likewise
  std::unique_ptr<Umap> umap_;
  std::unique_ptr<PlacedCells> placed_;
  std::vector<float> places_;   // [all cells x 2], once they are placed
  std::vector<char> has_place_;  // [all cells], likewise
  std::int64_t next_ = 0;        // cell to place
};

}  // namespace plkd

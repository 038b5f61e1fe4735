#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

// The same cells seen twice, as by RNA and by proteins: how well both lie together.
struct ViewScores {
  std::string first, second;  // what was seen: "rna", "adt", "rna+adt"
  // Fraction of samples closer than the true match (Liu et al. 2019, WABI): of the other view's cells, the share that lies
  // nearer to a cell than it does itself, mean over cells and both directions. 0 at best, 0.5 by chance.
  double foscttm = 0;
  // Share of cells whose type is that of most of their 15 nearest cells in the other view; ties to the nearest's.
  double labels_to_second = 0;  // labels known in the first view
  double labels_to_first = 0;
  // Average silhouette widths over the cells of both views, see silhouette.h.
  double asw_label = 0;  // types apart
  double asw_view = 0;   // views of a type on each other
};

// Latents [cells x width] of the same cells in the same order, and their types. O(cells^2 width).
ViewScores view_scores(const Latents& first, const Latents& second, const std::vector<std::string>& type);

// The members above under their names; NaN becomes null.
nlohmann::json to_json(const ViewScores& scores);

}  // namespace plkd

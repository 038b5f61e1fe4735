#pragma once

#include <cstdint>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/model/calibration.h"

namespace plkd {

// The cells of a query that are surely of a type, by type: where their points z (see Novelty) lie.
struct TypesSeen {
  std::vector<double> sum;         // [classes x width], of z
  std::vector<std::int64_t> sure;  // [classes], cells in that sum
  std::int64_t cells = 0;          // looked at, sure or not
};

// Another technology moves all types of a query alike; a type that the reference lacks moves alone. So each
// type's centre moves as the *other* types moved, and only as far as it moved that way itself: of one type
// alone nothing can be told. With D_t the displacement of type t's m_t sure cells and w_t = m_t / (m_t + 20),
//   o_t = sum of w_s D_s over s != t / (sum of these w_s + 2)
//   d_t = clip(D_t . o_t / o_t . o_t, 0, 1) o_t, at most 1 long (root mean square per dimension)
// and twice the mean of d_t's square over all cells is taken off every squared distance: cells of a moved
// type also scatter more. Own design; tests/bench/novelty.md has what it does to known and unseen types.
Novelty displaced(const Novelty& novelty, const TypesSeen& seen);

struct DisplaceOptions {
  // Cells looked at, in blocks spread evenly. Raising it takes longer; with 500 nearly as much is gained as
  // with 4,000.
  std::int64_t cells = 2000;
  // A cell is sure of its type from this probability on.
  float sure = 0.9F;
};

// Reads some of a query's cells to find where the reference's types lie in it; cells with -1 in `batch`
// [cells], where it is given, are none of the query's. A model without a novelty space keeps what it has.
Novelty displace(Query& query, const Model& model, const std::vector<std::int32_t>& batch = {},
                 const DisplaceOptions& options = {});

}  // namespace plkd

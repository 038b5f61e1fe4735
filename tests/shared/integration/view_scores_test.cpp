#include "shared/integration/view_scores.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace plkd {

TEST_CASE("two views that are the same have no cell closer than the true match", "[unit]") {
  const Latents latents{1, {0, 1, 10, 11}};
  const ViewScores scores = view_scores(latents, latents, {"a", "a", "b", "b"});
  CHECK(scores.foscttm == 0);
  // A cell is at distance 1 from the other of its view, and at 0 and 1 from those of the other one: 1 - |0.5 - 1| / 1.
  CHECK(scores.asw_view == Approx(0.5));
}

TEST_CASE("views by hand", "[unit]") {
  // Of the first view's cells 0 and 1 the other's are swapped, cell 2 is where it was. Seen from the first: one of the two
  // other cells is nearer to 0 and to 1, none to 2; the same from the second.
  const Latents first{1, {0, 1, 10}}, second{1, {1, 0, 10}};
  const ViewScores scores = view_scores(first, second, {"a", "a", "b"});
  CHECK(scores.foscttm == Approx((0.5 + 0.5 + 0) / 3));
}

TEST_CASE("labels go to the other view by a vote of neighbours", "[unit]") {
  // Sixteen cells of each type, in the second view somewhat aside; one cell of b lies among those of a in it.
  Latents first{1, {}}, second{1, {}};
  std::vector<std::string> type;
  for (int cell = 0; cell < 32; ++cell) {
    const bool is_a = cell < 16;
    const float place = (is_a ? 0.0F : 100.0F) + static_cast<float>(cell % 16);
    first.value.push_back(place);
    second.value.push_back(cell == 31 ? 5.5F : place + 3);
    type.push_back(is_a ? "a" : "b");
  }
  const ViewScores scores = view_scores(first, second, type);
  CHECK(scores.labels_to_second == Approx(31.0 / 32));
  CHECK(scores.labels_to_first == Approx(1));
}

}  // namespace plkd

#include "shared/annotate/choose_label.h"

#include <catch2/catch.hpp>

namespace plkd {

namespace {

// Types 0 CD4, 1 CD8, 2 B, 3 NK, 4 monocyte. Fewest types first, as broader_terms gives them.
const std::vector<BroaderTerm> kBroader = {
    {"X:1", "T cell", {0, 1}}, {"X:2", "cytotoxic", {1, 3}}, {"X:3", "lymphocyte", {0, 1, 2, 3}}};

ChosenLabel choose(const std::vector<float>& probability, std::int32_t best, float least) {
  return choose_label(probability, best, kBroader, least);
}

}  // namespace

TEST_CASE("a type that is sure enough is the label", "[unit]") {
  const ChosenLabel label = choose({0.7F, 0.2F, 0.1F, 0, 0}, 0, 0.7F);
  CHECK(label.kind == LabelKind::Type);
  CHECK(label.term == -1);
  CHECK(label.probability == 0.7F);
}

TEST_CASE("when only the subtype is unsure the narrowest sure term is the label", "[unit]") {
  const ChosenLabel label = choose({0.5F, 0.45F, 0.05F, 0, 0}, 0, 0.9F);
  CHECK(label.kind == LabelKind::Broader);
  CHECK(label.term == 0);
  CHECK(label.probability == Approx(0.95F));
  CHECK(choose({0.4F, 0.2F, 0.35F, 0, 0.05F}, 0, 0.9F).term == 2);
}

TEST_CASE("of two terms as narrow the more probable one is the label", "[unit]") {
  CHECK(choose({0.3F, 0.4F, 0, 0.25F, 0.05F}, 1, 0.6F).term == 0);
  CHECK(choose({0.25F, 0.4F, 0, 0.3F, 0.05F}, 1, 0.6F).term == 1);
}

TEST_CASE("a term that does not cover the best type is no label for it", "[unit]") {
  const ChosenLabel label = choose({0.3F, 0.3F, 0, 0, 0.4F}, 4, 0.5F);
  CHECK(label.kind == LabelKind::Unknown);
  CHECK(label.probability == 0.4F);
}

}  // namespace plkd

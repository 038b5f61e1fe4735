#include "shared/annotate/vote.h"

#include <catch2/catch.hpp>

#include "tests/support/random_model.h"

namespace plkd {

namespace {

// CD4 (T0) and CD8 (T1) are T cells, with NK (T2) lymphocytes; T3 is alone.
Model model_of_blood() {
  Model model = test::random_model(1, 37, 4);
  model.broader = {{"CL:1", "lymphocyte", {0, 1, 2}}, {"CL:3", "T cell", {0, 1}}};
  return model;
}

// Types by number, 4 a lymphocyte, 5 a T cell, -1 unknown.
Annotations labelled(const std::vector<int>& labels) {
  Annotations annotations;
  for (const int label : labels) {
    annotations.kind.push_back(label < 0 ? LabelKind::Unknown : label < 4 ? LabelKind::Type : LabelKind::Broader);
    annotations.best.push_back(label < 0 || label >= 4 ? 0 : label);
    annotations.term.push_back(label >= 4 ? label - 4 : -1);
  }
  return annotations;
}

ClusterLabel voted(const std::vector<int>& labels, UnknownPolicy policy = UnknownPolicy::Allow) {
  const Model model = model_of_blood();
  ClusterVote vote(model, {"leiden", {"0"}, std::vector<std::int32_t>(labels.size(), 0)}, policy);
  vote.add(0, labelled(labels));
  return vote.labels().at(0);
}

}  // namespace

TEST_CASE("a cluster has the label of more than half of its cells", "[unit]") {
  const ClusterLabel cluster = voted({0, 0, 3, 0, 1});
  CHECK(cluster.label.name == "T0");
  CHECK(cluster.cells == 5);
  CHECK(cluster.share() == Approx(0.6));
  CHECK(voted({-1, -1, 0}).label.name == "unknown");
  CHECK(voted({-1, -1, 0}, UnknownPolicy::LabelAll).label.name == "T0");
}

TEST_CASE("a cluster without a majority has the narrowest broader term that holds one", "[unit]") {
  CHECK(voted({0, 1}).label.name == "T cell");
  CHECK(voted({0, 1}).agree == 2);
  CHECK(voted({0, 1, 5, 3}).label.name == "T cell");
  CHECK(voted({0, 2, 3, 1, 2, 4}).label.name == "lymphocyte");
  CHECK(voted({0, 2, 3, 1, 2, 4}).agree == 5);
  CHECK(voted({0, 3, -1, 3}).label.name == "unknown");
}

TEST_CASE("cells without a cluster do not vote, and slices add up", "[unit]") {
  const Model model = model_of_blood();
  ClusterVote vote(model, {"leiden", {"0", "empty", "1"}, {0, 2, -1, 0}}, UnknownPolicy::Allow);
  vote.add(0, labelled({0, 3}));
  vote.add(2, labelled({3, 0}));
  const std::vector<ClusterLabel> labels = vote.labels();
  REQUIRE(labels.size() == 3);
  CHECK(labels[0].label.name == "T0");
  CHECK(labels[0].cells == 2);
  CHECK(labels[1].label.name == "unknown");
  CHECK(labels[1].share() == 0);
  CHECK(labels[2].label.name == "T3");
}

}  // namespace plkd

#include "shared/integration/integration_scores.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>

#include "shared/integration/clustering_agreement.h"
#include "shared/integration/k_means.h"
#include "shared/integration/lisi.h"
#include "shared/integration/neighbour_graph.h"
#include "shared/integration/silhouette.h"

namespace plkd {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kGraphNeighbours = 15;
// The published LISI asks for three times the perplexity and takes the cell itself out of them.
constexpr std::int64_t kLisiNeighbours = 89;

void score_types(IntegrationScores& scores, const Latents& latents, const Neighbours& neighbours,
                 const Partition& types) {
  scores.types = types.groups;
  scores.asw_label = label_silhouette(latents, types);
  scores.graph_connectivity = graph_connectivity(neighbours, types, kGraphNeighbours);
  scores.clisi_median = median(lisi(neighbours, types));
  const double count = types.groups;
  scores.clisi = types.groups < 2 ? kNaN : (count - scores.clisi_median) / (count - 1);
  const Partition clusters = k_means(latents, {types.groups}).partition;
  scores.nmi_clusters = normalised_mutual_information(types, clusters);
  scores.ari_clusters = adjusted_rand_index(types, clusters);
}

void score_batches(IntegrationScores& scores, const Latents& latents, const Neighbours& neighbours,
                   const Partition& types, const Partition& batches) {
  scores.batches = batches.groups;
  scores.asw_batch = scores.ilisi_median = scores.ilisi = kNaN;
  if (batches.groups < 2) return;
  scores.asw_batch = batch_silhouette(latents, types, batches);
  scores.ilisi_median = median(lisi(neighbours, batches));
  scores.ilisi = (scores.ilisi_median - 1) / (batches.groups - 1);
}

}  // namespace

IntegrationScores integration_scores(const IntegrationCells& cells) {
  const Partition types = partition_by(cells.type);
  const Partition given = partition_by(cells.given);
  const Neighbours neighbours = nearest_neighbours(cells.latents, kLisiNeighbours);
  IntegrationScores scores;
  scores.cells = scores.drawn_from = cells.latents.cells();
  score_types(scores, cells.latents, neighbours, types);
  scores.nmi_given = normalised_mutual_information(types, given);
  scores.ari_given = adjusted_rand_index(types, given);
  score_batches(scores, cells.latents, neighbours, types, partition_by(cells.batch));
  return scores;
}

std::vector<std::int64_t> sample_cells(const std::vector<std::int64_t>& cells, std::int64_t wanted) {
  std::mt19937_64 rng(1);
  std::vector<std::int64_t> sample;
  auto left = static_cast<std::uint64_t>(cells.size());
  auto missing = static_cast<std::uint64_t>(wanted);
  // Each cell in turn is taken with the chance that fills what is missing from what is left (Knuth's
  // algorithm S).
  for (const std::int64_t cell : cells) {
    if (missing == 0) break;
    if (left <= missing || rng() % left < missing) {
      sample.push_back(cell);
      --missing;
    }
    --left;
  }
  return sample;
}

nlohmann::json to_json(const IntegrationScores& scores) {
  const auto number = [](double value) {
    return std::isnan(value) ? nlohmann::json(nullptr) : nlohmann::json(value);
  };
  return {{"cells", scores.cells},
          {"drawn_from", scores.drawn_from},
          {"types", scores.types},
          {"batches", scores.batches},
          {"asw_label", number(scores.asw_label)},
          {"asw_batch", number(scores.asw_batch)},
          {"graph_connectivity", number(scores.graph_connectivity)},
          {"nmi_given", number(scores.nmi_given)},
          {"ari_given", number(scores.ari_given)},
          {"nmi_clusters", number(scores.nmi_clusters)},
          {"ari_clusters", number(scores.ari_clusters)},
          {"ilisi_median", number(scores.ilisi_median)},
          {"ilisi", number(scores.ilisi)},
          {"clisi_median", number(scores.clisi_median)},
          {"clisi", number(scores.clisi)}};
}

}  // namespace plkd

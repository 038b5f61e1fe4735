#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/integration/latents.h"

namespace plkd {

// Cells with what is known about them. `batch` is empty when there is but one, or nobody said.
struct IntegrationCells {
  Latents latents;
  std::vector<std::string> type;   // [cells], true label
  std::vector<std::string> given;  // [cells], the model's label
  std::vector<std::string> batch;  // [cells] or empty
};

// How well latents of several batches mix by type and not by batch. Each score but the two LISI medians is
// best at 1. Definitions are scib's (Luecken et al. 2022, Nat Methods 19:41). NaN where a score cannot be
// had: batch scores without batches, type scores with a single type.
struct IntegrationScores {
  std::int64_t cells = 0;
  std::int64_t drawn_from = 0;  // as many as `cells`, or more where those are a sample
  std::int32_t types = 0;
  std::int32_t batches = 0;
  // Types apart, and in one piece.
  double asw_label = 0;
  double graph_connectivity = 0;  // over the 15 nearest neighbours
  double clisi_median = 0;        // types among a cell's neighbours, 1 at best
  double clisi = 0;               // rescaled to 0..1
  double nmi_given = 0;           // true against given labels
  double ari_given = 0;
  double nmi_clusters = 0;  // true labels against k-means on the latent, as many groups as types
  double ari_clusters = 0;
  // Batches mixed.
  double asw_batch = 0;
  double ilisi_median = 0;  // batches among a cell's neighbours, their number at best
  double ilisi = 0;         // rescaled to 0..1
};

// Compares every two cells, O(cells^2 width): hand it a sample of at most kMaxIntegrationCells. Clusters are
// k-means, not Leiden's: with the number of types known there is no resolution to search, and the result is
// the same on every machine.
IntegrationScores integration_scores(const IntegrationCells& cells);
inline constexpr std::int64_t kMaxIntegrationCells = 20000;

// At most `wanted` of `cells` indices, each as likely to be chosen, the same every time; ascending.
std::vector<std::int64_t> sample_cells(const std::vector<std::int64_t>& cells, std::int64_t wanted);

// The members above under their names; NaN becomes null.
nlohmann::json to_json(const IntegrationScores& scores);

}  // namespace plkd

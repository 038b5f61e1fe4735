#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "shared/integration/integration_scores.h"
#include "tests/support/files.h"

namespace plkd::test {

inline nlohmann::json integration_golden() {
  return nlohmann::json::parse(read_file(golden("integration/cells.json")));
}

inline IntegrationCells cells_of(const nlohmann::json& document) {
  IntegrationCells cells;
  for (const nlohmann::json& latent : document["latent"]) {
    cells.latents.width = static_cast<std::int64_t>(latent.size());
    for (const float value : latent) cells.latents.value.push_back(value);
  }
  document["type"].get_to(cells.type);
  document["given"].get_to(cells.given);
  document["batch"].get_to(cells.batch);
  return cells;
}

// `cells` of each type in each of `batches` batches, uniform in a cube of side 1. Types are `apart`, batches
// are `shift` from each other along axes of their own.
struct BlocksOptions {
  int types = 3;
  int batches = 2;
  int cells = 120;
  float apart = 0;
  float shift = 0;
};
inline IntegrationCells blocks_of(const BlocksOptions& options) {
  std::mt19937_64 rng(11);
  IntegrationCells cells;
  cells.latents.width = 4;
  for (int type = 0; type < options.types; ++type) {
    for (int batch = 0; batch < options.batches; ++batch) {
      for (int cell = 0; cell < options.cells; ++cell) {
        for (int axis = 0; axis < 4; ++axis) {
          const float at = axis == 0   ? options.apart * static_cast<float>(type)
                           : axis == 1 ? options.shift * static_cast<float>(batch)
                                       : 0;
          cells.latents.value.push_back(at + static_cast<float>(rng() % 1000003) / 1000003);
        }
        cells.type.push_back("type " + std::to_string(type));
        cells.batch.push_back("batch " + std::to_string(batch));
      }
    }
  }
  cells.given = cells.type;
  return cells;
}

}  // namespace plkd::test

#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "shared/counts/open_counts.h"

namespace plkd::test {

// Another reader of the same file, by the index of the first, which goes the way it goes from worker to worker.
inline std::unique_ptr<CountsReader> reopened(const CountsReader& reader) {
  const nlohmann::json index = nlohmann::json::from_cbor(nlohmann::json::to_cbor(reader.index()));
  return open_counts(reader.path(), {.slot = "", .index = &index});
}

}  // namespace plkd::test

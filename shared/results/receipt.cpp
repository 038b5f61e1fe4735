#include "shared/results/receipt.h"

#include <algorithm>
#include <set>
#include <span>

#include "shared/digest.h"

namespace plkd {

namespace {

using nlohmann::json;

bool is_of_no_matter(const std::string& pointer) {
  return pointer == "/cells/file" || pointer == "/cells/bytes" || pointer == "/cells/format" || pointer == "/model/file";
}

}  // namespace

std::string digest_of(const GeneScaling& scaling) {
  if (scaling.factor.empty()) return "";
  Digest digest;
  digest.add(std::span<const float>(scaling.factor));
  digest.add(std::span<const std::int32_t>(scaling.batch));
  return digest.hex();
}

std::string digest_of(const Novelty& displaced) {
  if (displaced.width == 0) return "";
  Digest digest;
  digest.add(std::span<const float>(displaced.whitening));
  digest.add(std::span<const float>(displaced.centre));
  digest.add(std::span<const float>(&displaced.allowance, 1));
  return digest.hex();
}

std::vector<std::string> differences(const json& receipt, const json& other) {
  const json a = receipt.flatten(), b = other.flatten();
  std::set<std::string> keys;
  for (const json* one : {&a, &b})
    for (const auto& [key, value] : one->items()) keys.insert(key);
  std::vector<std::string> differing;
  for (const std::string& key : keys) {
    if (is_of_no_matter(key) || (a.contains(key) && b.contains(key) && a[key] == b[key])) continue;
    std::string name = key.substr(key.empty() ? 0 : 1);
    std::replace(name.begin(), name.end(), '/', '.');
    differing.push_back(name);
  }
  return differing;
}

}  // namespace plkd

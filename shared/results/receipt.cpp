#include "shared/results/receipt.h"

#include <algorithm>
#include <set>
#include <span>

#include "shared/digest.h"
#include "shared/error.h"

namespace plkd {

namespace {

using nlohmann::json;

json to_json(const ReceiptFile& file) {
  json about = {{"file", file.name}, {"digest", file.digest}};
  if (file.bytes) about["bytes"] = *file.bytes;
  return about;
}

json decisions_of(const ReceiptRun& run) {
  const QueryReport& report = run.query.report();
  json possible = json::array();
  for (std::size_t type = 0; type < run.is_possible.size(); ++type)
    if (run.is_possible[type]) possible.push_back(run.model.classes[type].name);
  return {{"values", name_of(report.inspection.kind)},
          {"organism", name_of(report.organism.organism)},
          {"overridden", report.verdict.reasons()},
          {"gene_names", report.gene_names},
          {"genes_matched", report.alignment.matched()},
          {"genes_by_orthologue", report.alignment.matched_by_orthologue},
          {"genes_missing", report.alignment.missing.size()},
          {"genes_merged", report.alignment.merged},
          {"adapt_factors", digest_of(run.query.scaling())},
          {"displaced", digest_of(run.displaced)},
          {"types_possible", possible}};
}

json labels_of_run(const ReceiptRun& run) {
  json counts = json::object();
  for (const auto& [label, kind, cells] : run.labels.counts()) counts[label.name] = counts.value(label.name, std::int64_t{0}) + cells;
  json labels = {{"cells", run.labels.cells()},
                 {"counts", counts},
                 {"digest", run.labels.digest()},
                 {"digest_of_lines", run.labels.digest_of_lines()}};
  if (!run.vote) return labels;
  labels["clusters"] = json::object();
  for (const ClusterLabel& cluster : run.vote->labels())
    labels["clusters"][cluster.cluster] = {{"label", cluster.label.name}, {"cells", cluster.cells}, {"agree", cluster.agree}};
  return labels;
}

bool is_of_no_matter(const std::string& pointer) {
  return pointer == "/cells/file" || pointer == "/cells/bytes" || pointer == "/cells/format" || pointer == "/model/file" || pointer == "/engine";
}

// Digests of numbers that engines sum in another order.
bool is_of_one_engine(const std::string& pointer) {
  return pointer == "/labels/digest_of_lines" || pointer == "/decisions/displaced" || pointer == "/decisions/adapt_factors";
}

}  // namespace

json write_receipt(const ReceiptRun& run) {
  json cells = to_json(run.cells_file);
  cells["format"] = run.cells.format();
  cells["cells"] = run.cells.cells();
  cells["genes"] = run.cells.genes().size();
  json model = to_json(run.model_file);
  model["name"] = run.model.card.name;
  return {{"receipt", kReceiptFormat}, {"version", PLKD_VERSION},        {"engine", run.engine},
          {"cells", cells},            {"model", model},                 {"options", to_json(run.options)},
          {"decisions", decisions_of(run)}, {"labels", labels_of_run(run)}};
}

json to_json(const ReceiptOptions& options) {
  json stored = {{"error_rate", options.error_rate}, {"adapt", options.adapt},       {"batch", options.batch},
                 {"only", options.only},             {"label_all", options.label_all}, {"clusters", options.clusters},
                 {"slot", options.slot},             {"orthologues", options.orthologues}, {"force", options.force}};
  if (!options.without.empty()) stored["without"] = options.without;
  return stored;
}

ReceiptOptions options_of(const json& receipt) {
  try {
    if (receipt.at("receipt") != kReceiptFormat)
      throw Error(ErrorKind::BadInput, "the receipt is of format " + receipt.at("receipt").dump(), "use the version of plkd that wrote it");
    const json& options = receipt.at("options");
    return {options.at("error_rate"), options.at("adapt"),       options.at("batch"),
            options.at("only").get<std::vector<std::string>>(), options.at("label_all"), options.at("clusters"),
            options.at("slot"),       options.at("orthologues"), options.at("force"),
            options.value("without", std::vector<std::string>())};
  } catch (const json::exception& error) {
    throw Error(ErrorKind::BadInput, std::string("this is no receipt (") + error.what() + ")", "give the file that plkd annotate --receipt or the page wrote");
  }
}

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
  const bool same_engine = receipt.value("engine", "") == other.value("engine", "");
  std::set<std::string> keys;
  for (const json* one : {&a, &b})
    for (const auto& [key, value] : one->items()) keys.insert(key);
  std::vector<std::string> differing;
  for (const std::string& key : keys) {
    if (is_of_no_matter(key) || (!same_engine && is_of_one_engine(key))) continue;
    if (a.contains(key) && b.contains(key) && a[key] == b[key]) continue;
    std::string name = key.substr(key.empty() ? 0 : 1);
    std::replace(name.begin(), name.end(), '/', '.');
    differing.push_back(name);
  }
  return differing;
}

}  // namespace plkd

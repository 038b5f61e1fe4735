#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/cli/verbs.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/model/model.h"
#include "shared/preprocess/inspect.h"

namespace plkd {

namespace {

struct Options {
  std::string file;
  OpenCountsOptions open;
  std::string json;
};

// An ONNX file starts with its IR version: field 1, a small number.
bool looks_like_a_model(const std::string& path) {
  if (std::filesystem::is_directory(path)) return false;
  std::ifstream file(path, std::ios::binary);
  return file.get() == 0x08;
}

std::string first_of(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t at = 0; at < std::min(most, names.size()); ++at) text += (at == 0 ? "" : ", ") + names[at];
  return names.size() > most ? text + ", ..." : text;
}

// Columns that look like labels: more than one value, few enough to read.
bool looks_like_labels(const CellColumn& column) {
  return column.categories.size() > 1 && column.categories.size() <= 60;
}

// The values of a column with their cells, most frequent first.
std::string values_of(const CellColumn& column) {
  std::vector<std::int64_t> cells(column.categories.size(), 0);
  for (const std::int32_t code : column.code)
    if (code >= 0) ++cells[static_cast<std::size_t>(code)];
  std::vector<std::size_t> order(cells.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return cells[a] > cells[b]; });
  std::vector<std::string> values;
  for (const std::size_t at : order) values.push_back(column.categories[at] + " (" + std::to_string(cells[at]) + ")");
  return first_of(values, 6);
}

// One line with all names, then the values of the first few that look like labels.
void describe_columns(CountsReader& reader) {
  constexpr int kMostDescribed = 3;
  const std::vector<std::string> names = reader.column_names();
  std::printf("columns      %s\n", names.empty() ? "none" : first_of(names, names.size()).c_str());
  int described = 0;
  for (const std::string& name : names) {
    if (described == kMostDescribed) return;
    const CellColumn column = reader.column(name);
    if (!looks_like_labels(column)) continue;
    std::printf("  %s: %s\n", name.c_str(), values_of(column).c_str());
    ++described;
  }
}

void describe_counts(CountsReader& reader) {
  const GeneVocabulary& genes = reader.genes();
  const auto with_id = genes.size() - std::count(genes.id.begin(), genes.id.end(), "");
  const auto with_symbol = genes.size() - std::count(genes.symbol.begin(), genes.symbol.end(), "");
  const Inspection inspection = inspect(reader);
  std::printf("matrix       %s\n", reader.path().c_str());
  std::printf("format       %s\n", reader.format().c_str());
  std::printf("cells        %lld: %s\n", static_cast<long long>(reader.cells()),
              first_of(reader.cell_names(0, std::min<std::int64_t>(reader.cells(), 4)), 3).c_str());
  std::printf("genes        %lld, %lld with symbol, %lld with Ensembl id: %s\n", static_cast<long long>(genes.size()),
              static_cast<long long>(with_symbol), static_cast<long long>(with_id),
              first_of(with_symbol > 0 ? genes.symbol : genes.id, 3).c_str());
  std::printf("values       %s: %s\n", name_of(inspection.kind).c_str(), inspection.evidence.c_str());
  std::printf("median cell  %.0f counts, %.0f genes seen\n", inspection.median_library, inspection.median_genes);
  describe_columns(reader);
}

// A model's description for people and scripts: of the long lists only how long they are.
nlohmann::json report_of(const Model& model) {
  nlohmann::json report = description_of(model);
  report["genes"] = model.genes.size();
  report["patterns"] = model.patterns.size();
  report["calibration"].erase("novelty");
  report.erase("class_means");
  return report;
}

void write_report(const Model& model, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << report_of(model).dump(2) << '\n';
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the folder");
}

void run(const Options& options) {
  if (looks_like_a_model(options.file)) {
    const Model model = read_model(options.file);
    if (!options.json.empty()) write_report(model, options.json);
    std::fputs(describe(model).c_str(), stdout);
    return;
  }
  if (!options.json.empty())
    throw Error(ErrorKind::WrongUsage, options.file + ": --json writes a model's card, and this is no model",
                "leave --json out to see what the file is");
  describe_counts(*open_counts(options.file, options.open));
}

}  // namespace

void add_describe(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("describe", "say what a file is: a model or a matrix");
  const auto options = std::make_shared<Options>();
  verb->add_option("file", options->file, "model or matrix")->required();
  verb->add_option("--slot", options->open.slot, "matrix of an h5ad: X, raw.X or layers/NAME (default: where counts are)");
  verb->add_option("--json", options->json, "write a model's card, classes and provenance to this file");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

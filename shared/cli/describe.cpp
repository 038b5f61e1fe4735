#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/annotate.h"
#include "shared/cli/query_flags.h"
#include "shared/cli/verbs.h"
#include "shared/cli/write_file.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/genes/proteins.h"
#include "shared/model/model.h"
#include "shared/preprocess/inspect.h"
#include "shared/text.h"

namespace plkd {

namespace {

struct Options {
  std::string file;
  OpenCountsOptions open;
  std::string model;
  bool orthologues = false;
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

// What is known of a matrix before anything runs.
struct MatrixFacts {
  OrganismGuess organism;
  std::int64_t with_symbol = 0;
  std::int64_t with_id = 0;
  std::int64_t duplicates = 0;  // genes whose name another gene before them has
  std::optional<Inspection> inspection;  // nothing where the values cannot be read as any
  std::string refusal;                   // why not
};

std::int64_t duplicates_in(const GeneVocabulary& genes) {
  std::set<std::string> seen;
  std::int64_t duplicates = 0;
  for (std::size_t gene = 0; gene < genes.symbol.size(); ++gene)
    duplicates += !seen.insert(genes.id[gene].empty() ? genes.symbol[gene] : genes.id[gene]).second;
  return duplicates;
}

MatrixFacts facts_of(CountsReader& reader) {
  const GeneVocabulary& genes = reader.genes();
  MatrixFacts facts;
  facts.organism = guess_organism(genes);
  facts.with_id = genes.size() - std::count(genes.id.begin(), genes.id.end(), "");
  facts.with_symbol = genes.size() - std::count(genes.symbol.begin(), genes.symbol.end(), "");
  facts.duplicates = duplicates_in(genes);
  if (genes.size() == 0) return facts;
  try {
    facts.inspection = inspect(reader);
    require_counts(*facts.inspection, reader.path());
  } catch (const Error& error) {
    // A reader refuses scaled values itself; to describe them is to say so.
    facts.refusal = error.message() + "; " + error.hint();
  }
  return facts;
}

std::string id_type(const MatrixFacts& facts) {
  if (facts.with_id > 0 && facts.with_symbol > 0) return "symbol and Ensembl id";
  return facts.with_id > 0 ? "Ensembl id" : "symbol";
}

void describe_counts(CountsReader& reader, const MatrixFacts& facts) {
  const GeneVocabulary& genes = reader.genes();
  std::printf("matrix       %s\n", reader.path().c_str());
  std::printf("format       %s\n", reader.format().c_str());
  if (reader.slots().size() > 1)
    std::printf("slots        %s; --slot chooses another than '%s'\n", joined(reader.slots(), ", ").c_str(), reader.slot().c_str());
  std::printf("cells        %lld: %s\n", static_cast<long long>(reader.cells()),
              first_of(reader.cell_names(0, std::min<std::int64_t>(reader.cells(), 4)), 3).c_str());
  std::printf("genes        %lld, %lld with symbol, %lld with Ensembl id: %s\n", static_cast<long long>(genes.size()),
              static_cast<long long>(facts.with_symbol), static_cast<long long>(facts.with_id),
              first_of(facts.with_symbol > 0 ? genes.symbol : genes.id, 3).c_str());
  for (std::size_t which = 0; which < reader.other_features().size(); ++which) {
    const OtherFeatures& each = reader.other_features()[which];
    const std::string unfit = unfit_values(reader, which);
    std::printf("%-12s %zu in '%s': %s%s\n", in_words(each.modality).c_str(), each.names.size(),
                each.where.c_str(),
                each.modality == Modality::Protein ? describe(proteins_of(each.names).report).c_str()
                                                   : first_of(each.names, 3).c_str(),
                unfit.empty() ? "" : ("; " + unfit).c_str());
  }
  if (facts.duplicates > 0)
    std::printf("duplicates   %lld genes have a name that another has; their counts are summed\n",
                static_cast<long long>(facts.duplicates));
  std::printf("organism     %s: %s\n", name_of(facts.organism.organism).c_str(), facts.organism.evidence.c_str());
  if (facts.inspection) {
    std::printf("values       %s: %s\n", name_of(facts.inspection->kind).c_str(), facts.inspection->evidence.c_str());
    std::printf("median cell  %.0f counts, %.0f genes seen\n", facts.inspection->median_library, facts.inspection->median_genes);
  }
  if (!facts.refusal.empty()) std::printf("no counts    %s\n", facts.refusal.c_str());
  describe_columns(reader);
}

// How a matrix fits a model.
void describe_match(const QueryReport& report, const std::string& model) {
  std::printf("model        %s\n", model.c_str());
  if (report.compares_genes()) std::printf("match        %s\n", describe(report.alignment).c_str());
  for (const ModalityReport& each : report.modalities)
    std::printf("%-12s %lld of %lld features%s%s\n", in_words(each.modality).c_str(), static_cast<long long>(each.matched),
                static_cast<long long>(each.model_features), each.found.empty() ? "" : ": ", each.found.c_str());
  if (!report.gene_names.empty()) std::printf("gene names   from column '%s', which fits better\n", report.gene_names.c_str());
  if (report.verdict.passes()) std::printf("verdict      fits\n");
  for (const GateProblem& problem : report.verdict.problems)
    std::printf("verdict      refused: %s; %s\n", problem.what.c_str(), problem.remedy.c_str());
}

nlohmann::json report_of(CountsReader& reader, const MatrixFacts& facts) {
  nlohmann::json report = {{"path", reader.path()},
                           {"format", reader.format()},
                           {"slots", reader.slots()},
                           {"slot", reader.slot()},
                           {"cells", reader.cells()},
                           {"genes", reader.genes().size()},
                           {"genes_with_symbol", facts.with_symbol},
                           {"genes_with_id", facts.with_id},
                           {"gene_names", id_type(facts)},
                           {"duplicates", facts.duplicates},
                           {"organism", {{"guess", name_of(facts.organism.organism)}, {"evidence", facts.organism.evidence}}},
                           {"columns", reader.column_names()}};
  for (const OtherFeatures& each : reader.other_features())
    report["modalities"].push_back({{"name", name_of(each.modality)}, {"where", each.where}, {"features", each.names.size()}});
  if (facts.inspection)
    report["values"] = {{"kind", name_of(facts.inspection->kind)},
                        {"evidence", facts.inspection->evidence},
                        {"median_library", facts.inspection->median_library},
                        {"median_genes", facts.inspection->median_genes}};
  if (!facts.refusal.empty()) report["refused"] = facts.refusal;
  return report;
}

nlohmann::json report_of(const QueryReport& report, const std::string& model) {
  nlohmann::json problems = nlohmann::json::array(), modalities = nlohmann::json::array();
  for (const ModalityReport& each : report.modalities)
    modalities.push_back({{"name", name_of(each.modality)},
                          {"where", each.where},
                          {"features", each.model_features},
                          {"matched", each.matched},
                          {"missing", each.missing},
                          {"used", each.is_used},
                          {"left_out", each.controls},
                          {"passed_over", each.passed_over},
                          {"is_completed", each.is_completed},
                          {"unfit", each.unfit}});
  for (const GateProblem& problem : report.verdict.problems) problems.push_back({{"what", problem.what}, {"remedy", problem.remedy}});
  return {{"model", model},
          {"model_genes", report.alignment.model_genes},
          {"matched", report.alignment.matched()},
          {"matched_by_id", report.alignment.matched_by_id},
          {"matched_by_symbol", report.alignment.matched_by_symbol},
          {"matched_by_alias", report.alignment.matched_by_alias},
          {"matched_by_orthologue", report.alignment.matched_by_orthologue},
          {"merged", report.alignment.merged},
          {"gene_names", report.gene_names},
          {"passes", report.verdict.passes()},
          {"problems", problems},
          {"orthologues_help", report.verdict.orthologues_help},
          {"modalities", modalities}};
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

void describe_model(const Options& options) {
  if (!options.model.empty())
    throw Error(ErrorKind::WrongUsage, options.file + ": --model is for a matrix, and this is a model", "leave --model out");
  const Model model = read_model(options.file);
  if (!options.json.empty()) write_file(options.json, report_of(model).dump(2) + '\n');
  std::fputs(describe(model).c_str(), stdout);
}

void describe_matrix(const Options& options) {
  const std::unique_ptr<CountsReader> reader = open_counts(options.file, options.open);
  const MatrixFacts facts = facts_of(*reader);
  describe_counts(*reader, facts);
  nlohmann::json report = report_of(*reader, facts);
  if (!options.model.empty() && facts.inspection) {
    const Model model = read_model(options.model);
    const Query query(*reader, model, {options.orthologues ? Orthologues::Use : Orthologues::Ignore, Gate::Report});
    describe_match(query.report(), model.card.name);
    report["match"] = report_of(query.report(), model.card.name);
  }
  if (!options.json.empty()) write_file(options.json, report.dump(2) + '\n');
}

void run(const Options& options) {
  if (looks_like_a_model(options.file))
    describe_model(options);
  else
    describe_matrix(options);
}

}  // namespace

void add_describe(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("describe", "say what a file is: a model or a matrix");
  const auto options = std::make_shared<Options>();
  verb->add_option("file", options->file, "model or matrix")->required();
  verb->add_option("--slot", options->open.slot, kSlotHelp);
  verb->add_option("--model", options->model, "also say how the matrix fits this model (.onnx)");
  verb->add_flag("--orthologues", options->orthologues, "for --model: also find genes by their names in the other organism");
  verb->add_option("--json", options->json, "write what is said, and of a model its card, classes and provenance, to this file");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

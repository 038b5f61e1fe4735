#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/annotate.h"
#include "shared/cli/annotation_run.h"
#include "shared/cli/verbs.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/model/model.h"
#include "shared/model/onnx.h"
#include "shared/model/run_graph.h"
#include "shared/preprocess/log_normalise.h"
#include "shared/results/receipt.h"
#include "shared/text.h"

namespace plkd {

namespace {

constexpr std::int64_t kCells = 64;
// Seen 2e-5 on the models we ship: float sums of thousands of terms against double.
constexpr double kLogitTolerance = 1e-3;

struct Options {
  std::string model;
  std::string cells;
  std::string receipt;
};

// Cells of no biology at all, when the user gives none: 7 % of the genes at random, log-normal expression.
CountMatrix random_expression(std::int64_t genes) {
  std::mt19937_64 rng(1);
  std::bernoulli_distribution is_expressed(0.07);
  std::lognormal_distribution<float> level(0.5F, 0.5F);
  CountMatrix expression;
  expression.genes = genes;
  for (std::int64_t cell = 0; cell < kCells; ++cell) {
    for (std::int32_t gene = 0; gene < genes; ++gene) {
      if (!is_expressed(rng)) continue;
      expression.gene.push_back(gene);
      expression.count.push_back(level(rng));
    }
    expression.row_begin.push_back(expression.entries());
  }
  return expression;
}

// Features [first, end) of the cells.
std::vector<float> dense(const CountMatrix& expression, std::int64_t first, std::int64_t end) {
  const std::int64_t width = end - first;
  std::vector<float> values(static_cast<std::size_t>(expression.cells() * width));
  for (std::int64_t cell = 0; cell < expression.cells(); ++cell)
    for (std::int64_t entry = expression.row_begin[static_cast<std::size_t>(cell)];
         entry < expression.row_begin[static_cast<std::size_t>(cell) + 1]; ++entry) {
      const std::int64_t feature = expression.gene[static_cast<std::size_t>(entry)];
      if (feature >= first && feature < end)
        values[static_cast<std::size_t>(cell * width + feature - first)] = expression.count[static_cast<std::size_t>(entry)];
    }
  return values;
}

// What the graph takes: all features, or those of each modality, whose flags it makes itself.
std::map<std::string, std::vector<float>> inputs_of(const Model& model, const CountMatrix& expression) {
  if (model.recipe.blocks.empty()) return {{name_of(Modality::Rna), dense(expression, 0, expression.genes)}};
  std::map<std::string, std::vector<float>> inputs;
  for (const FeatureBlock& block : model.recipe.blocks) inputs[name_of(block.modality)] = dense(expression, block.first, block.end);
  return inputs;
}

// Largest difference relative to max(1, |value|).
double largest_difference(const std::vector<float>& ours, const std::vector<double>& reference) {
  double largest = 0;
  for (std::size_t at = 0; at < ours.size(); ++at)
    largest = std::max(largest, std::abs(static_cast<double>(ours[at]) - reference[at]) / std::max(1.0, std::abs(reference[at])));
  return largest;
}

// Annotates again as the receipt says, and compares.
void check_receipt(const Options& options) {
  std::ifstream file(options.receipt, std::ios::binary);
  if (!file) throw Error(ErrorKind::BadInput, options.receipt + ": cannot be opened", "check the path");
  const nlohmann::json receipt = nlohmann::json::parse(file, nullptr, false);
  if (receipt.is_discarded())
    throw Error(ErrorKind::BadInput, options.receipt + ": is no JSON", "give the file that plkd annotate --receipt wrote");
  AnnotationRun run({.model = options.model, .cells = options.cells, .options = options_of(receipt), .quiet = true});
  run.run([](const Annotations&, const std::vector<std::string>&) {});
  const nlohmann::json again = run.receipt();
  const std::vector<std::string> differing = differences(receipt, again);
  const std::string list = joined(differing, ", ");
  if (std::find(differing.begin(), differing.end(), "labels.digest") != differing.end())
    throw Error(ErrorKind::BadInput, options.receipt + ": the labels are not the same; what differs: " + list,
                "annotate the receipt's cells with its model, options and version");
  const bool is_exact = receipt["labels"]["digest_of_lines"] == again["labels"]["digest_of_lines"];
  std::printf("verified      %s%s%s\n",
              is_exact ? "labels and numbers are the same bit for bit"
                       : ("every label is the same; numbers by engine '" + receipt.value("engine", "") + "' differ in their last digits").c_str(),
              list.empty() ? "" : ", though these differ: ", list.c_str());
}

void run(const Options& options) {
  if (!options.receipt.empty()) {
    check_receipt(options);
    return;
  }
  // Reading checks the digest of the weights, the architecture, the recipe and the graph.
  const Model model = read_model(options.model);
  std::printf("weights       as written, all finite\narchitecture  %s, graph and tensors fit\n",
              architecture_of(model.student).c_str());
  std::printf("recipe        log1p of counts per %.0f, %lld genes\n", static_cast<double>(model.recipe.target_sum),
              static_cast<long long>(model.genes.size()));

  CountMatrix expression = random_expression(model.genes.size());
  if (!model.recipe.blocks.empty())  // for the flags
    log_normalise(expression, std::vector<double>(static_cast<std::size_t>(kCells), 1e4), model.recipe);
  if (!options.cells.empty()) {
    const std::unique_ptr<CountsReader> reader = open_counts(options.cells);
    Query query(*reader, model, {.gate = Gate::Report});
    if (query.report().compares_genes()) std::printf("query         %s\n", describe(query.report().alignment).c_str());
    expression = query.expression(0, std::min(kCells, query.cells()));
  }

  std::ifstream file(options.model, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const onnx::Graph graph = onnx::decode(bytes, options.model);
  const auto reference = run_graph(graph, inputs_of(model, expression), expression.cells());
  const StudentOutput ours = run_student(model.student, expression, StudentTask::LabelAndExplain);
  double difference =
      std::max({largest_difference(ours.logits, reference.at("logits")),
                largest_difference(ours.latent, reference.at("latent")), largest_difference(ours.map, reference.at("map"))});
  if (model.student.pattern_count() > 0)
    difference = std::max(difference, largest_difference(ours.patterns, reference.at("patterns")));
  std::printf("engines       sparse kernel and graph in double differ by %.1e at most, over %lld cells\n", difference,
              static_cast<long long>(expression.cells()));
  if (!(difference < kLogitTolerance))
    throw Error(ErrorKind::BadInput, options.model + ": the engines disagree", "please report it with the model file");
  std::printf("verified      %s\n", options.model.c_str());
}

}  // namespace

void add_verify(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("verify", "check a model file, and that two engines say the same");
  const auto options = std::make_shared<Options>();
  verb->add_option("--model", options->model, "model file (.onnx)")->required();
  CLI::Option* cells = verb->add_option("--cells", options->cells, "cells to compare the engines on (default: random ones)");
  verb->add_option("--receipt", options->receipt, "annotate again as this receipt says, and compare: the same bit for bit, or what differs")
      ->needs(cells);
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

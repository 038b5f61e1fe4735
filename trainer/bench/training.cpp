#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/cli/write_file.h"
#include "shared/error.h"
#include "trainer/bench/verbs.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/prepare.h"
#include "trainer/options.h"
#include "trainer/process.h"
#include "trainer/reference_mode.h"

namespace plkd {
namespace {

using nlohmann::json;

struct Options {
  ReferenceOptions reference;
  PrepareOptions prepare;
  double published_epochs = 10;
  std::int64_t steps = 0;  // 0: as many as the recipes take
  int threads = 2;
  std::string json;
  bool quiet = false;
};

struct Measured {
  FittedTeacher teacher;
  std::int64_t batch = 0;
  double cells_per_s = 0;
  std::int64_t weights = 0;
};

Measured measure(const TrainingPart& part, const std::vector<Pattern>& patterns,
                 const FitTeacherOptions& options, std::uint64_t seed, Verbosity verbosity) {
  torch::manual_seed(seed);
  std::mt19937_64 rng(seed);
  Measured measured;
  measured.teacher = fit_teacher(part, patterns, options, rng, verbosity);
  measured.batch = options.loop.batch;
  measured.cells_per_s = static_cast<double>(measured.teacher.fit.cells) / measured.teacher.fit.training_s;
  for (const torch::Tensor& parameter : measured.teacher.network->parameters())
    measured.weights += parameter.numel();
  return measured;
}

// The published recipe, but for its leak: both Teachers have the same cells held out, and the published one's
// training cells are oversampled after that.
Measured measure_published(Prepared prepared, const Options& options, Verbosity verbosity) {
  TrainOptions published;
  use_reference_mode(published, "all");
  published.teacher.epochs = options.published_epochs;
  published.teacher.loop.steps = options.steps;
  std::mt19937_64 rng(options.prepare.seed);
  TrainingPart& part = prepared.part;
  part.train = subset(part.train, oversample(part.train.label, rng));
  part.input_scale = {1};
  return measure(part, prepared.patterns, published.teacher, options.prepare.seed, verbosity);
}

json to_json(const Measured& measured) {
  const FitLoopResult& fit = measured.teacher.fit;
  return {{"batch", measured.batch},
          {"cells_per_s", measured.cells_per_s},
          {"cells_seen", fit.cells},
          {"cells_per_processor_s", static_cast<double>(fit.cells) / fit.processor_s},
          {"training_s", fit.training_s},
          {"weights", measured.weights},
          {"held_out_accuracy", fit.held_out.accuracy},
          {"held_out_macro_f1", fit.held_out.macro_f1}};
}

void print(const json& ours, const json& published) {
  std::printf("%-22s %12s %12s %8s\n", "", "ours", "published", "ratio");
  for (const char* key : {"batch", "cells_per_s", "cells_per_processor_s", "cells_seen", "training_s", "weights",
                          "held_out_accuracy", "held_out_macro_f1"}) {
    const double a = ours.at(key), b = published.at(key);
    const int decimals = std::string(key).rfind("held_out", 0) == 0 ? 4
                         : std::string(key).rfind("cells_per", 0) == 0 ? 1
                                                                    : 0;
    std::printf("%-22s %12.*f %12.*f %8.2f\n", key, decimals, a, decimals, b, a / b);
  }
}

void run(const Options& options) {
  const Verbosity verbosity = options.quiet ? Verbosity::Quiet : Verbosity::Normal;
  use_threads(options.threads);
  const Reference reference = load_reference(options.reference, verbosity);
  const Prepared prepared = prepare(reference, options.prepare, verbosity);
  FitTeacherOptions own;
  own.loop.steps = options.steps;
  const json ours = to_json(measure(prepared.part, prepared.patterns, own, options.prepare.seed, verbosity));
  const json published = to_json(measure_published(prepared, options, verbosity));
  std::printf("%lld training cells, %lld genes, %lld patterns, %lld held-out cells, %d threads, one run\n",
              static_cast<long long>(prepared.part.train.size()),
              static_cast<long long>(prepared.genes.size()), static_cast<long long>(prepared.patterns.size()),
              static_cast<long long>(prepared.part.held_out.size()), options.threads);
  print(ours, published);
  if (options.json.empty()) return;
  const json report = {{"ours", ours}, {"published", published}, {"threads", options.threads}, {"split", prepared.split.how}};
  write_file(options.json, report.dump(2) + '\n');
}

}  // namespace

void add_training(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  options->prepare.patterns.max_patterns = 300;
  CLI::App* verb = app.add_subcommand(
      "training", "the Teacher's cells per second and held-out F1 against the published layout and recipe");
  declare_reference(*verb, options->reference);
  declare_patterns(*verb, options->prepare);
  verb->add_option("--published-epochs", options->published_epochs,
                   "passes of the published recipe; fewer end sooner and hardly change its cells per second")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  verb->add_option("--steps", options->steps, "steps of each, for a quick look at the speed alone")
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--seed", options->prepare.seed, "of split, weights and order")->capture_default_str();
  verb->add_option("--threads", options->threads, "threads for both")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb->add_option("--json", options->json, "write the figures to this file");
  verb->add_flag("--quiet", options->quiet, "no progress");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "shared/cli/select_cells.h"
#include "shared/cli/write_file.h"
#include "shared/error.h"
#include "shared/preprocess/inspect.h"
#include "trainer/bench/curves.h"
#include "trainer/bench/disturb.h"
#include "trainer/bench/logistic_regression.h"
#include "trainer/bench/verbs.h"
#include "trainer/fit/agreement.h"
#include "trainer/fit/distil.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/prepare.h"
#include "trainer/options.h"
#include "trainer/process.h"
#include "trainer/reference_mode.h"

namespace plkd {
namespace {

struct Options {
  ReferenceOptions reference;
  PrepareOptions prepare;
  std::string query;
  std::string query_labels;  // column; empty: as in the reference
  std::int64_t seeds = 3;
  int threads = 2;
  std::string out;
  std::string plot;
  bool quiet = false;
};

struct Sweep {
  Disturbance disturbance;
  std::string name;
  std::string title;
  std::string axis;
  std::vector<double> levels;
};

const std::vector<Sweep>& sweeps() {
  static const std::vector<Sweep> all = {
      {Disturbance::Depth, "depth", "Shallower sequencing", "% of depth left", {1, 0.5, 0.2, 0.1, 0.05}},
      {Disturbance::Dropout, "dropout", "Dropout", "% of a cell's genes lost", {0, 0.1, 0.3, 0.5, 0.7, 0.9}},
      {Disturbance::MissingGenes,
       "missing genes",
       "Missing genes",
       "% of all genes lost",
       {0, 0.1, 0.3, 0.5, 0.7, 0.9}}};
  return all;
}

// A query whole in memory, cells of the reference's types alone.
struct LabelledQuery {
  GeneVocabulary genes;
  CountMatrix counts;
  std::vector<std::int32_t> label;  // [cells], class of the reference
};

LabelledQuery read_query(const Options& options, const Reference& reference) {
  const std::unique_ptr<CountsReader> reader = open_counts(options.query, options.reference.open);
  const std::string& column = options.query_labels.empty() ? options.reference.labels : options.query_labels;
  const std::vector<std::string> names = names_in(reader->column(column));
  std::map<std::string, std::int32_t> class_of;
  for (const CellType& type : reference.classes)
    class_of.emplace(type.name, static_cast<std::int32_t>(class_of.size()));
  LabelledQuery query;
  std::vector<std::int64_t> known;
  for (std::size_t cell = 0; cell < names.size(); ++cell) {
    const auto found = class_of.find(names[cell]);
    if (found == class_of.end()) continue;
    known.push_back(static_cast<std::int64_t>(cell));
    query.label.push_back(found->second);
  }
  if (known.empty()) {
    throw Error(ErrorKind::BadInput,
                options.query + ": no cell has a label of the reference in column '" + column + "'",
                "name the query's column with --query-labels");
  }
  query.genes = reader->genes();
  query.counts = select_cells(read_as_counts(*reader, inspect(*reader), 0, reader->cells()), known);
  return query;
}

// A way to label cells, after training. Takes the scaled input of TrainingPart.
struct Method {
  std::string name;
  std::function<torch::Tensor(const torch::Tensor& input)> logits;
};

Method student_method(const std::string& name, StudentNet network) {
  return {name, [network](const torch::Tensor& input) mutable {
            const torch::NoGradGuard no_gradient;
            network->eval();
            return network->forward(input).logits;
          }};
}

std::vector<Method> train_methods(const Prepared& prepared, std::uint64_t seed, Verbosity verbosity) {
  const TrainingPart& part = prepared.part;
  torch::manual_seed(seed);
  std::mt19937_64 rng(seed);
  Teacher teacher = fit_teacher(part, prepared.patterns, {}, rng, verbosity).network;
  Committee committee(part, teacher, {}, rng, verbosity);
  StudentNet student = distil(part, &committee, prepared.patterns, {}, rng, verbosity).network;
  TrainOptions bare;
  use_reference_mode(bare, "augmentation");
  StudentNet alone = distil(part, nullptr, {}, bare.student, rng, verbosity).network;
  const Cells train = typical_cells(part.train);
  const LogisticRegression regression =
      fit_logistic_regression(part.input(train), part.labels(train), part.classes);
  return {
      {"Teacher", [teacher](const torch::Tensor& input) mutable { return ask(teacher, input).logits; }},
      student_method("Student", student),
      student_method("Student, bare", alone),
      {"logistic regression", [regression](const torch::Tensor& input) { return regression.logits(input); }}};
}

// How one method did in one sweep at one level.
struct Measurement {
  std::string method;
  std::size_t sweep = 0;
  std::size_t level = 0;
  Agreement agreement;
};

struct Scores {
  std::vector<double> accuracy, macro_f1;  // [seeds]
};

// By method, sweep and level, as they come.
class Results {
 public:
  void add(const Measurement& one) {
    if (std::find(methods_.begin(), methods_.end(), one.method) == methods_.end())
      methods_.push_back(one.method);
    Scores& scores = scores_[{one.method, one.sweep, one.level}];
    scores.accuracy.push_back(one.agreement.accuracy);
    scores.macro_f1.push_back(one.agreement.macro_f1);
  }
  const std::vector<std::string>& methods() const { return methods_; }
  const Scores& at(const std::string& method, std::size_t sweep, std::size_t level) const {
    return scores_.at({method, sweep, level});
  }

 private:
  std::vector<std::string> methods_;
  std::map<std::tuple<std::string, std::size_t, std::size_t>, Scores> scores_;
};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double spread(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += (value - mean(values)) * (value - mean(values));
  return std::sqrt(squares / static_cast<double>(values.size()));
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%g", 100 * share);
  return text;
}

std::vector<Measurement> measure(const LabelledQuery& query, const Prepared& prepared,
                                 const std::vector<Method>& methods, std::uint64_t seed,
                                 Verbosity verbosity) {
  const GeneAlignment alignment = align(query.genes, prepared.genes);
  std::int64_t steps = 0, done = 0;
  for (const Sweep& sweep : sweeps()) steps += static_cast<std::int64_t>(sweep.levels.size());
  Progress progress("disturb and label", steps, verbosity);
  std::vector<Measurement> measurements;
  for (std::size_t s = 0; s < sweeps().size(); ++s) {
    for (std::size_t level = 0; level < sweeps()[s].levels.size(); ++level) {
      std::mt19937_64 rng(seed);
      const CountMatrix disturbed =
          disturb(query.counts, sweeps()[s].disturbance, sweeps()[s].levels[level], rng);
      const Cells cells{apply(alignment, disturbed), library_sizes(disturbed), query.label};
      const torch::Tensor input = prepared.part.input(cells), label = prepared.part.labels(cells);
      for (const Method& method : methods) {
        measurements.push_back({method.name, s, level, agreement(method.logits(input), label)});
      }
      progress.set(++done);
    }
  }
  progress.finish();
  return measurements;
}

std::string table_of(const Results& results) {
  std::ostringstream table;
  table << "noise\tlevel_percent\tmethod\taccuracy\taccuracy_sd\tmacro_f1\tmacro_f1_sd\tseeds\n";
  for (std::size_t s = 0; s < sweeps().size(); ++s) {
    for (std::size_t level = 0; level < sweeps()[s].levels.size(); ++level) {
      for (const std::string& method : results.methods()) {
        const Scores& scores = results.at(method, s, level);
        char figures[96];
        std::snprintf(figures, sizeof figures, "%.4f\t%.4f\t%.4f\t%.4f\t%zu", mean(scores.accuracy),
                      spread(scores.accuracy), mean(scores.macro_f1), spread(scores.macro_f1),
                      scores.accuracy.size());
        table << sweeps()[s].name << '\t' << percent(sweeps()[s].levels[level]) << '\t' << method << '\t'
              << figures << '\n';
      }
    }
  }
  return table.str();
}

void print(const Results& results) {
  for (std::size_t s = 0; s < sweeps().size(); ++s) {
    std::printf("\n%-26s", sweeps()[s].axis.c_str());
    for (const std::string& method : results.methods()) std::printf(" %20s", method.c_str());
    for (std::size_t level = 0; level < sweeps()[s].levels.size(); ++level) {
      std::printf("\n%-26s", percent(sweeps()[s].levels[level]).c_str());
      for (const std::string& method : results.methods()) {
        const Scores& scores = results.at(method, s, level);
        std::printf("      %6.1f / %6.1f", 100 * mean(scores.accuracy), 100 * mean(scores.macro_f1));
      }
    }
    std::printf("\n");
  }
}

std::vector<Panel> panels_of(const Results& results) {
  std::vector<Panel> panels;
  for (std::size_t s = 0; s < sweeps().size(); ++s) {
    const Sweep& sweep = sweeps()[s];
    Panel panel{sweep.title, {}, {}, sweep.axis, {}};
    for (std::size_t level = 0; level < sweep.levels.size(); ++level) {
      // Depth is spaced by its logarithm, so that each halving is as wide.
      const double x = sweep.disturbance == Disturbance::Depth
                           ? std::log(sweep.levels[level]) / std::log(sweep.levels.back())
                           : sweep.levels[level] / sweep.levels.back();
      panel.x.push_back(x);
      panel.ticks.push_back(percent(sweep.levels[level]));
    }
    for (const std::string& method : results.methods()) {
      Curve curve{method, {}, {}};
      for (std::size_t level = 0; level < sweep.levels.size(); ++level) {
        curve.mean.push_back(mean(results.at(method, s, level).accuracy));
        curve.spread.push_back(spread(results.at(method, s, level).accuracy));
      }
      panel.curves.push_back(curve);
    }
    panels.push_back(panel);
  }
  return panels;
}

void run(const Options& options) {
  const Verbosity verbosity = options.quiet ? Verbosity::Quiet : Verbosity::Normal;
  use_threads(options.threads);
  const Reference reference = load_reference(options.reference, verbosity);
  const LabelledQuery query = read_query(options, reference);
  Results results;
  for (std::int64_t i = 0; i < options.seeds; ++i) {
    PrepareOptions prepare_options = options.prepare;
    prepare_options.seed += static_cast<std::uint64_t>(i);
    const Prepared prepared = prepare(reference, prepare_options, verbosity);
    const std::vector<Method> methods = train_methods(prepared, prepare_options.seed, verbosity);
    for (const Measurement& one : measure(query, prepared, methods, prepare_options.seed, verbosity))
      results.add(one);
  }
  std::printf("accuracy / macro F1 of %lld cells, mean of %lld seeds\n",
              static_cast<long long>(query.counts.cells()), static_cast<long long>(options.seeds));
  print(results);
  if (!options.out.empty()) write_file(options.out, table_of(results));
  if (!options.plot.empty()) {
    write_file(options.plot,
          draw_curves("Labels from noisy cells",
                      "accuracy in %, mean and deviation of " + std::to_string(options.seeds) + " seeds",
                      panels_of(results)));
  }
}

}  // namespace

void add_noise(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("noise",
                                      "labels of ever noisier cells: Teacher, Student, a Student without "
                                      "Teacher and corruption, logistic regression");
  declare_reference(*verb, options->reference);
  declare_patterns(*verb, options->prepare);
  verb->add_option("--query", options->query, "labelled cells of another study, to be disturbed")->required();
  verb->add_option("--query-labels", options->query_labels,
                   "the query's column with labels (default: --labels)");
  verb->add_option("--seeds", options->seeds, "trainings to average over")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--seed", options->prepare.seed, "the first seed")->capture_default_str();
  verb->add_option("--threads", options->threads, "threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb->add_option("--out", options->out, "write the table to this file (tab-separated)");
  verb->add_option("--plot", options->plot, "draw the curves into this file (.svg)");
  verb->add_flag("--quiet", options->quiet, "no progress");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

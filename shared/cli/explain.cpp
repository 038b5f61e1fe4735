#include "shared/explain/marker_patterns.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/annotate/annotate.h"
#include "shared/annotate/csv.h"
#include "shared/cli/progress.h"
#include "shared/cli/query_flags.h"
#include "shared/cli/select_cells.h"
#include "shared/cli/verbs.h"
#include "shared/counts/open_counts.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlice = 512;
// Cells that markers are tested on; a larger file is sampled evenly, so that memory does not grow with it.
constexpr std::int64_t kMostTested = 20000;
constexpr std::size_t kShownPatterns = 3, kShownGenes = 8;

struct Options {
  std::string model;
  std::string cells;
  std::string labels;
  std::string out = "patterns.csv";
  std::string markers = "markers.csv";
  OpenCountsOptions open;
  QueryFlags query;
  std::size_t top = 3;
  MarkerPatternsOptions test;
  bool quiet = false;
};

// The groups that markers are sought for: the model's own labels, or a column of the file.
struct Groups {
  std::vector<std::string> name;
  std::vector<std::int32_t> given;  // [cells], from the column; empty when the model's labels are used
};

Groups groups_of(CountsReader& reader, const Model& model, const Options& options) {
  Groups groups;
  if (options.labels.empty()) {
    for (const CellType& type : model.classes) groups.name.push_back(type.name);
    return groups;
  }
  const CellColumn column = reader.column(options.labels);
  groups.name = column.categories;
  groups.given = column.code;
  return groups;
}

// Patterns by falling score, ties in order of patterns.
std::vector<std::size_t> strongest(const float* scores, std::size_t patterns, std::size_t count) {
  std::vector<std::size_t> order(patterns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, patterns);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  order.resize(count);
  return order;
}

std::ofstream opened(const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  if (!out) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the folder");
  return out;
}

void close(std::ofstream& out, const std::string& path) {
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the free space");
}

// Writes each cell's strongest patterns and keeps the scores of the cells that markers are tested on.
class Explainer {
 public:
  Explainer(const Model& model, const Groups& groups, const Options& options, std::int64_t cells)
      : model_(model), groups_(groups), options_(options), step_((cells + kMostTested - 1) / kMostTested),
        out_(opened(options.out)) {
    out_ << "cell,label,probability";
    for (std::size_t rank = 1; rank <= std::min(options.top, model.patterns.size()); ++rank)
      out_ << ",pattern_" << rank << ",score_" << rank;
    out_ << '\n';
  }

  void add(std::int64_t first, const CountMatrix& expression, const std::vector<std::string>& names) {
    const StudentOutput output = run_student(model_.student, expression, StudentTask::LabelAndExplain);
    const Annotations labels = decide(model_, output, expression);
    const std::size_t patterns = model_.patterns.size();
    for (std::size_t cell = 0; cell < names.size(); ++cell) {
      const float* scores = output.patterns.data() + cell * patterns;
      out_ << quoted_for_csv(names[cell]) << ','
           << quoted_for_csv(model_.classes[static_cast<std::size_t>(labels.best[cell])].name) << ','
           << number_for_csv(static_cast<double>(labels.probability[cell]));
      for (const std::size_t pattern : strongest(scores, patterns, options_.top))
        out_ << ',' << quoted_for_csv(model_.patterns[pattern].name) << ',' << number_for_csv(static_cast<double>(scores[pattern]));
      out_ << '\n';
      const std::int64_t at = first + static_cast<std::int64_t>(cell);
      if (at % step_ != 0) continue;
      tested_.insert(tested_.end(), scores, scores + patterns);
      group_.push_back(groups_.given.empty() ? labels.best[cell] : groups_.given[static_cast<std::size_t>(at)]);
    }
  }

  std::vector<MarkerPattern> finish() {
    close(out_, options_.out);
    return marker_patterns(tested_, static_cast<std::int32_t>(model_.patterns.size()), group_,
                           static_cast<std::int32_t>(groups_.name.size()), options_.test);
  }

 private:
  const Model& model_;
  const Groups& groups_;
  const Options& options_;
  std::int64_t step_;
  std::ofstream out_;
  std::vector<float> tested_;         // [tested cells x patterns]
  std::vector<std::int32_t> group_;  // [tested cells]
};

void write_markers(const std::vector<MarkerPattern>& markers, const Groups& groups, const Model& model,
                   const std::string& path) {
  std::ofstream out = opened(path);
  out << "label,pattern,difference,auc,p_value,q_value,top_genes\n";
  for (const MarkerPattern& marker : markers) {
    const Pattern& pattern = model.patterns[static_cast<std::size_t>(marker.pattern)];
    out << quoted_for_csv(groups.name[static_cast<std::size_t>(marker.group)]) << ',' << quoted_for_csv(pattern.name) << ','
        << number_for_csv(marker.difference) << ',' << number_for_csv(marker.auc) << ',' << number_for_csv(marker.p_value)
        << ',' << number_for_csv(marker.q_value) << ',' << joined(top_genes(pattern, model.genes, kShownGenes), " ") << '\n';
  }
  close(out, path);
}

void print(const std::vector<MarkerPattern>& markers, const Groups& groups, const Model& model) {
  std::size_t shown = 0;
  for (std::size_t at = 0; at < markers.size(); ++at) {
    const MarkerPattern& marker = markers[at];
    shown = at > 0 && markers[at - 1].group == marker.group ? shown + 1 : 0;
    if (shown >= kShownPatterns) continue;
    const Pattern& pattern = model.patterns[static_cast<std::size_t>(marker.pattern)];
    std::printf("%-24s %-44s %+6.2f sd  AUC %.2f  q %.1e  %s\n",
                shown == 0 ? groups.name[static_cast<std::size_t>(marker.group)].c_str() : "", pattern.name.c_str(),
                marker.difference, marker.auc, marker.q_value, joined(top_genes(pattern, model.genes, 5), " ").c_str());
  }
}

void run(const Options& options) {
  Model model = read_model(options.model);
  if (model.student.pattern_count() == 0)
    throw Error(ErrorKind::BadInput, options.model + ": this model scores no patterns",
                "train it with a Teacher (--teacher-share above 0) and a present version of plkd");
  const std::unique_ptr<CountsReader> reader = open_counts(options.cells, options.open);
  Query query(*reader, model, options.query.options());
  calibrate_for(model, query.report().used());
  warn(query.report(), options.quiet ? Verbosity::Quiet : Verbosity::Normal);
  const Groups groups = groups_of(*reader, model, options);
  Explainer explainer(model, groups, options, query.cells());
  Progress progress("explain", query.cells(), options.quiet ? Verbosity::Quiet : Verbosity::Normal);
  for (std::int64_t first = 0; first < query.cells(); first += kSlice) {
    const std::int64_t end = std::min(first + kSlice, query.cells());
    explainer.add(first, query.expression(first, end), reader->cell_names(first, end));
    progress.set(end);
  }
  progress.finish();
  const std::vector<MarkerPattern> markers = explainer.finish();
  write_markers(markers, groups, model, options.markers);
  if (options.quiet) return;
  print(markers, groups, model);
  std::printf("written to %s and %s\n", options.out.c_str(), options.markers.c_str());
}

}  // namespace

void add_explain(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("explain", "name the patterns behind every cell's label, and those that mark each type");
  const auto options = std::make_shared<Options>();
  verb->add_option("--model", options->model, "model file (.onnx)")->required();
  verb->add_option("--cells", options->cells, kCellsHelp)->required();
  verb->add_option("--out", options->out, "each cell's strongest patterns, one line a cell")->capture_default_str();
  verb->add_option("--markers", options->markers, "patterns that mark each label: rank test against all other cells")
      ->capture_default_str();
  verb->add_option("--labels", options->labels, "column of the cells' table to find markers for (default: the model's labels)");
  verb->add_option("--top", options->top, "patterns a cell")->check(CLI::Range(1, 300))->capture_default_str();
  verb->add_option("--max-q", options->test.max_q_value, "markers up to this false discovery rate")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--slot", options->open.slot, kSlotHelp);
  declare_query(*verb, options->query);
  verb->add_flag("--quiet", options->quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

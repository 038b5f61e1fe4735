#include "trainer/export/check_export.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <sstream>

#include "shared/annotate/annotate.h"
#include "shared/error.h"
#include "shared/student/student.h"

namespace plkd {
namespace {

constexpr std::int64_t kSlice = 2000;

// Cells [first, end) of `cells` that lie in one slice of one file.
struct Run {
  std::size_t first = 0;
  std::size_t end = 0;
};

Run next_run(const std::vector<Origin>& cells, std::size_t first) {
  std::size_t end = first + 1;
  while (end < cells.size() && cells[end].file == cells[first].file &&
         cells[end].cell / kSlice == cells[first].cell / kSlice) {
    ++end;
  }
  return {first, end};
}

CountMatrix expression_of(Query& query, const std::vector<Origin>& cells, const Run& run) {
  const std::int64_t begin = cells[run.first].cell / kSlice * kSlice;
  std::vector<std::int64_t> rows;
  for (std::size_t i = run.first; i < run.end; ++i) rows.push_back(cells[i].cell - begin);
  return select_cells(query.expression(begin, std::min(begin + kSlice, query.cells())), rows);
}

}  // namespace

ExportCheck check_export(const std::string& model_path, const ReferenceOptions& options,
                         const std::vector<Origin>& cells, const std::vector<float>& logits,
                         Verbosity verbosity) {
  const Model model = read_model(model_path);
  const std::size_t classes = model.classes.size();
  double largest_logit = 1;
  for (const float logit : logits)
    largest_logit = std::max(largest_logit, std::fabs(static_cast<double>(logit)));

  Progress progress("check the model file", static_cast<std::int64_t>(cells.size()), verbosity);
  ExportCheck check;
  std::unique_ptr<CountsReader> reader;
  std::unique_ptr<Query> query;
  std::int32_t open_file = -1;
  for (Run run; run.end < cells.size();) {
    run = next_run(cells, run.end);
    if (cells[run.first].file != open_file) {
      open_file = cells[run.first].file;
      query.reset();
      reader = open_counts(options.files[at(open_file)], options.open);
      query = std::make_unique<Query>(*reader, model, QueryOptions{.gate = Gate::Report});
    }
    const StudentOutput output = run_student(model.student, expression_of(*query, cells, run));
    for (std::size_t i = 0; i < output.logits.size(); ++i) {
      const double expected = static_cast<double>(logits[run.first * classes + i]);
      const double difference = std::fabs(static_cast<double>(output.logits[i]) - expected);
      check.largest_difference = std::max(check.largest_difference, difference);
      // Written so that NaN fails too.
      if (difference <= kExportTolerance * largest_logit) continue;
      std::ostringstream message;
      message << model_path << ": cell " << cells[run.first + i / classes].cell << " of "
              << options.files[at(open_file)] << " gets the logit " << output.logits[i] << " for '"
              << model.classes[i % classes].name << "', the trained network gave " << expected;
      throw Error(ErrorKind::Internal, message.str(),
                  "the model was not kept; please report this with the command line");
    }
    check.cells += static_cast<std::int64_t>(run.end - run.first);
    progress.set(check.cells);
  }
  progress.finish();
  return check;
}

}  // namespace plkd

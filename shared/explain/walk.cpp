#include "shared/explain/walk.h"

#include <algorithm>
#include <utility>

#include "shared/counts/row_entries.h"
#include "shared/student/student.h"

namespace plkd {

namespace {

// Of one cell over what the model takes. What was not measured, flags and proteins that complete a panel, has an expression, too.
std::vector<WalkGene> highest(const GeneVocabulary& genes, const CountMatrix& measured, const CountMatrix& expression,
                              std::size_t most) {
  std::vector<WalkGene> shown;
  for (std::size_t entry = 0; entry < measured.gene.size(); ++entry) {
    const std::int32_t gene = measured.gene[entry];
    const RowEntries of_gene = entries_of(expression, 0, gene, gene + 1);
    if (!of_gene.count.empty()) shown.push_back({name_of(genes, static_cast<std::size_t>(gene)), measured.count[entry], of_gene.count[0]});
  }
  std::stable_sort(shown.begin(), shown.end(), [](const WalkGene& a, const WalkGene& b) { return a.value > b.value; });
  shown.resize(std::min(most, shown.size()));
  return shown;
}

}  // namespace

Walk walk(Query& query, const Model& model, std::int64_t cell, const WalkOptions& options) {
  const CountMatrix counts = lose_counts(query.counts(cell, cell + 1), options.noise, cell);
  const CountMatrix expression = query.expression_of(counts, cell);
  StudentOutput output = run_student(model.student, expression, StudentTask::LabelAndExplain);
  Walk walk;
  walk.library = library_sizes(counts).front();
  walk.detected = counts.entries();
  walk.genes = highest(model.genes, query.measured_of(counts, cell), expression, options.genes);
  walk.probabilities = probabilities_among(options.decide.is_possible, output.logits, model.calibration.temperature);
  walk.label = decide(model, output, expression, options.decide);
  walk.patterns = std::move(output.patterns);
  walk.hidden = std::move(output.latent);
  return walk;
}

Annotations annotate_noisy(Query& query, const Model& model, std::int64_t first, std::int64_t end, const Noise& noise,
                           const DecideOptions& options) {
  return annotate(model, query.expression_of(lose_counts(query.counts(first, end), noise, first), first), options);
}

}  // namespace plkd

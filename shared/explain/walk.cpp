#include "shared/explain/walk.h"

#include <algorithm>
#include <utility>

#include "shared/student/student.h"

namespace plkd {

namespace {

// `counts` and `expression` of one cell over the model's genes, entry by entry.
std::vector<WalkGene> highest(const GeneVocabulary& genes, const CountMatrix& counts, const CountMatrix& expression,
                              std::size_t most) {
  std::vector<std::size_t> order;
  for (std::size_t entry = 0; entry < expression.count.size(); ++entry) order.push_back(entry);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return expression.count[a] > expression.count[b]; });
  std::vector<WalkGene> shown;
  for (std::size_t at = 0; at < std::min(most, order.size()); ++at) {
    const std::size_t entry = order[at];
    shown.push_back({name_of(genes, static_cast<std::size_t>(expression.gene[entry])), counts.count[entry], expression.count[entry]});
  }
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
  walk.genes = highest(model.genes, query.over_model_genes(counts), expression, options.genes);
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

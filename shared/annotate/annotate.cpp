#include "shared/annotate/annotate.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "shared/annotate/calibrate.h"
#include "shared/annotate/csv.h"
#include "shared/annotate/likeness.h"
#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"
#include "shared/text.h"

namespace plkd {

namespace {

// Softmax gives such a logit no probability.
constexpr float kImpossible = -std::numeric_limits<float>::infinity();

// The two most probable classes; the first of equals wins. `second` is -1 when there is only one class.
struct TopTwo {
  std::int32_t best = 0;
  std::int32_t second = -1;
};

TopTwo top_two(std::span<const float> logits) {
  TopTwo top;
  for (std::int32_t label = 1; label < static_cast<std::int32_t>(logits.size()); ++label) {
    const float logit = logits[static_cast<std::size_t>(label)];
    if (logit > logits[static_cast<std::size_t>(top.best)]) {
      top.second = top.best;
      top.best = label;
    } else if (top.second < 0 || logit > logits[static_cast<std::size_t>(top.second)]) {
      top.second = label;
    }
  }
  if (top.second >= 0 && logits[static_cast<std::size_t>(top.second)] == kImpossible) top.second = -1;
  return top;
}

std::vector<float> without_impossible(std::span<const float> logits, const std::vector<char>& is_possible) {
  std::vector<float> left(logits.begin(), logits.end());
  for (std::size_t type = 0; type < is_possible.size(); ++type)
    if (!is_possible[type]) left[type] = kImpossible;
  return left;
}

CountMatrix without_genes(std::int64_t cells) {
  CountMatrix counts;
  counts.row_begin.assign(static_cast<std::size_t>(cells) + 1, 0);
  return counts;
}

// Cells [first, ...) of a query.
void divide(CountMatrix& counts, const GeneScaling& scaling, std::int64_t first) {
  for (std::int64_t cell = 0; cell < counts.cells(); ++cell) {
    const std::int32_t batch = scaling.batch_of(first + cell);
    if (batch < 0) continue;
    const float* factor = scaling.factor.data() + batch * scaling.genes;
    for (std::int64_t entry = counts.row_begin[static_cast<std::size_t>(cell)];
         entry < counts.row_begin[static_cast<std::size_t>(cell) + 1]; ++entry) {
      const auto at = static_cast<std::size_t>(entry);
      counts.count[at] /= factor[counts.gene[at]];
    }
  }
}

struct MatchedGenes {
  GeneAlignment alignment;
  OrganismGuess organism;
  std::string column;  // of the genes' table, where its names were better than the file's own
};

MatchedGenes match_names(const GeneVocabulary& genes, const Model& model, Orthologues orthologues) {
  MatchedGenes matched;
  matched.organism = guess_organism(genes);
  const Organism made_for = organism_named(model.card.organism);
  const bool is_mixed = matched.organism.organism == Organism::Mixed;
  matched.alignment = align(genes_of(genes, is_mixed ? made_for : matched.organism.organism),
                            genes_alone(model.genes, model.recipe.blocks), orthologues);
  return matched;
}

// By the names that the file's reader takes for the genes'; where they find less than half of the model's genes, by
// those of whichever column of the genes' table finds most.
MatchedGenes match_genes(CountsReader& reader, const Model& model, Orthologues orthologues) {
  constexpr double kEnough = 0.5;
  MatchedGenes best = match_names(reader.genes(), model, orthologues);
  if (best.alignment.report.share() >= kEnough) return best;
  for (const GeneNames& names : reader.other_gene_names()) {
    MatchedGenes matched = match_names(names.genes, model, orthologues);
    if (matched.alignment.report.matched() <= best.alignment.report.matched()) continue;
    best = std::move(matched);
    best.column = names.column;
  }
  return best;
}

}  // namespace

std::vector<Modality> QueryReport::used() const {
  if (modalities.empty()) return {Modality::Rna};
  std::vector<Modality> used;
  for (const ModalityReport& each : modalities)
    if (each.is_used) used.push_back(each.modality);
  return used;
}

double QueryReport::share() const {
  if (modalities.empty()) return alignment.share();
  double matched = 0, wanted = 0;
  for (const ModalityReport& each : modalities) {
    if (!each.is_used) continue;
    matched += static_cast<double>(each.matched);
    wanted += static_cast<double>(each.model_features);
  }
  return wanted > 0 ? matched / wanted : 0;
}

std::string no_promise_because(const QueryReport& report) {
  if (!report.verdict.passes()) return report.verdict.problems.front().what;
  return report.alignment.matched_by_orthologue > 0 ? "genes of another organism stand for the model's" : "";
}

void Query::scale(GeneScaling scaling) {
  const std::int64_t genes = features_;
  const auto factors = static_cast<std::int64_t>(scaling.factor.size());
  const bool has_rows = std::all_of(scaling.batch.begin(), scaling.batch.end(),
                                    [&](std::int32_t row) { return (row + 1) * genes <= factors; });
  const bool has_cells = scaling.batch.empty() || static_cast<std::int64_t>(scaling.batch.size()) == cells();
  if (factors > 0 && (scaling.genes != genes || factors % genes != 0 || !has_rows || !has_cells))
    throw Error(ErrorKind::Internal, "scale: the factors do not fit the model's genes and the query's cells");
  scaling_ = std::move(scaling);
}

Query::Query(CountsReader& reader, const Model& model, const QueryOptions& options)
    : reader_(reader), recipe_(model.recipe), features_(model.genes.size()) {
  if (options.orthologues == Orthologues::Use && model.genes.orthologue.empty())
    throw Error(ErrorKind::BadInput, "model '" + model.card.name + "' knows no orthologues",
                "train it with a --gene-table of orthologues, or use a model of the cells' organism");
  const auto is_wanted = [&](Modality modality) {
    return std::find(options.without.begin(), options.without.end(), modality) == options.without.end();
  };
  has_genes_ = reader.genes().size() > 0 && is_wanted(Modality::Rna);
  if (has_genes_) match_genes_of(model, options);
  for (const FeatureBlock& block : recipe_.blocks) {
    add_modality(model, block);
    if (!is_wanted(block.modality)) set_aside_last();
  }
  refuse_without_features(model);
}

void Query::match_genes_of(const Model& model, const QueryOptions& options) {
  const MatchedGenes matched = match_genes(reader_, model, options.orthologues);
  alignment_ = matched.alignment;
  report_.alignment = alignment_.report;
  report_.organism = matched.organism;
  report_.gene_names = matched.column;
  // A model of other modalities alone is not asked about genes.
  if (!recipe_.blocks.empty() && block_of(recipe_, Modality::Rna) == nullptr) return;
  report_.inspection = inspect(reader_);
  report_.verdict = judge({report_.organism, report_.alignment, report_.inspection, options.orthologues}, model);
  if (options.gate == Gate::Refuse) refuse(report_.verdict, reader_.path());
  // Nothing can be made of negative values, forced or not.
  if (report_.inspection.kind == ValueKind::Scaled) require_counts(report_.inspection, reader_.path());
}

void Query::add_modality(const Model& model, const FeatureBlock& block) {
  if (block.modality == Modality::Rna) {
    const AlignmentReport& found = report_.alignment;
    ModalityReport report{.modality = block.modality, .model_features = block.size()};
    if (has_genes_) {
      report.matched = found.matched();
      report.missing = found.missing;
      report.found = describe(found);
      report.is_used = found.matched() > 0;
    }
    report_.modalities.push_back(std::move(report));
    return;
  }
  others_.emplace_back(reader_, features_of(model.genes, block), block);
  report_.modalities.push_back(others_.back().report());
  if (block.modality != Modality::Protein) return;
  completion_ = {recipe_, others_.back().missing()};
  ModalityReport& report = report_.modalities.back();
  report.is_completed = report.is_used && !completion_.changes_nothing();
}

void Query::set_aside_last() {
  ModalityReport& report = report_.modalities.back();
  if (report.modality == Modality::Rna) {
    report.is_set_aside = true;
    return;
  }
  others_.back().set_aside();
  report = others_.back().report();
}

void Query::refuse_without_features(const Model& model) const {
  const bool has_any = recipe_.blocks.empty() ? has_genes_ : !report_.used().empty();
  if (has_any) return;
  std::vector<std::string> wanted, there;
  for (const FeatureBlock& block : recipe_.blocks) wanted.push_back(in_words(block.modality));
  if (wanted.empty()) wanted.push_back(in_words(Modality::Rna));
  if (reader_.genes().size() > 0) there.push_back(in_words(Modality::Rna));
  for (const OtherFeatures& each : reader_.other_features()) there.push_back(in_words(each.modality) + " (" + each.where + ")");
  throw Error(ErrorKind::BadInput,
              reader_.path() + ": has nothing that model '" + model.card.name + "' takes: the file has " + joined(there, ", ") + ", the model takes " +
                  joined(wanted, ", "),
              "use a model that was trained on what this file has");
}

std::vector<std::string> Query::gene_names() const {
  const GeneVocabulary& own = reader_.genes();
  const std::vector<GeneNames> others = reader_.other_gene_names();
  std::vector<std::string> names;
  for (std::size_t gene = 0; gene < own.symbol.size(); ++gene) {
    std::string name = own.symbol[gene];
    // Names that say nothing to the model say little to people.
    for (const GeneNames& other : others) {
      const std::string& symbol = other.genes.symbol[gene];
      if (!symbol.empty() && (name.empty() || other.column == report_.gene_names)) name = symbol;
    }
    names.push_back(name.empty() ? own.id[gene] : name);
  }
  return names;
}

CountMatrix Query::counts(std::int64_t first, std::int64_t end) {
  return read_as_counts(reader_, report_.inspection, first, end);
}

CountMatrix Query::measured_of(const CountMatrix& counts, std::int64_t first) const {
  CountMatrix measured = has_genes_ ? apply(alignment_, counts) : without_genes(counts.cells());
  for (const OtherModality& other : others_) measured = beside(measured, other.counts(reader_, first, first + counts.cells()));
  measured.genes = features_;
  return measured;
}

CountMatrix Query::model_counts_of(const CountMatrix& counts, std::int64_t first) const {
  CountMatrix of_model = measured_of(counts, first);
  if (!scaling_.factor.empty()) divide(of_model, scaling_, first);
  complete_panel(of_model, completion_);
  return of_model;
}

CountMatrix Query::expression_of(const CountMatrix& counts, std::int64_t first) const {
  CountMatrix expression = model_counts_of(counts, first);
  // Of all genes: the recipe divides by the whole library, not by the model's part of it.
  log_normalise(expression, library_sizes(counts), recipe_);
  return expression;
}

ScaledCounts Query::scaled_counts_of(const CountMatrix& counts, std::int64_t first) const {
  if (!recipe_.blocks.empty()) throw Error(ErrorKind::Internal, "scaled_counts_of: each modality has a scale of its own");
  return {model_counts_of(counts, first), scales_of(library_sizes(counts), recipe_)};
}

std::vector<float> probabilities_among(const std::vector<char>& is_possible, std::span<const float> logits,
                                       float temperature) {
  return probabilities(without_impossible(logits, is_possible), temperature);
}

namespace {

// Cells before their labels are chosen.
struct Judged {
  CellColumns columns;
  std::vector<float> probability;  // [cells x classes]
  std::vector<char> is_new;        // [cells], unlike all that the model knows, whatever the probability
};

void check(const Model& model, const StudentOutput& output, const CountMatrix& expression, std::size_t latent_width,
           const DecideOptions& options) {
  const auto cells = static_cast<std::size_t>(expression.cells());
  if (output.logits.size() != cells * model.classes.size() || output.map.size() != cells * 2 ||
      output.latent.size() < cells * latent_width)
    throw Error(ErrorKind::Internal, "decide: the engine's output does not have one row for each cell");
  if (!options.is_possible.empty() && options.is_possible.size() != model.classes.size())
    throw Error(ErrorKind::Internal, "decide: the choice of types does not fit the model");
}

Judged judge_cells(const Model& model, const StudentOutput& output, const CountMatrix& expression,
                   const DecideOptions& options) {
  const auto cells = static_cast<std::size_t>(expression.cells());
  const std::size_t classes = model.classes.size();
  const std::size_t latent_width =
      model.calibration.novelty.width > 0 ? static_cast<std::size_t>(model.student.latent_width()) : std::size_t{0};
  check(model, output, expression, latent_width, options);

  const Novelty& displaced = options.displaced != nullptr ? *options.displaced : model.calibration.novelty;
  std::vector<float> likeness;
  if (model.calibration.likeness > 0 && !model.class_means.empty()) likeness = Likeness(model).of(expression);
  Judged judged;
  CellColumns& columns = judged.columns;
  columns.map = output.map;
  UnknownScores scores = unknown_scores(std::span(output.latent).first(cells * latent_width), output.logits, expression.cells(),
                                        model.calibration, displaced);
  judged.probability.reserve(cells * classes);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::span<const float> logits(output.logits.data() + cell * classes, classes);
    const std::vector<float> of_possible = without_impossible(logits, options.is_possible);
    const std::vector<float> probability = probabilities(of_possible, model.calibration.temperature);
    const TopTwo top = top_two(of_possible);
    const bool is_empty = expression.row_begin[cell] == expression.row_begin[cell + 1];
    const bool is_foreign = is_empty || (!likeness.empty() && likeness[cell] < kLeastLikeness * model.calibration.likeness);
    if (is_foreign) scores.displaced[cell] = scores.undisplaced[cell] = 1;
    columns.best.push_back(top.best);
    columns.second.push_back(top.second);
    columns.probability.push_back(probability[static_cast<std::size_t>(top.best)]);
    columns.second_probability.push_back(top.second < 0 ? 0 : probability[static_cast<std::size_t>(top.second)]);
    judged.probability.insert(judged.probability.end(), probability.begin(), probability.end());
    judged.is_new.push_back(is_foreign || scores.displaced[cell] > model.calibration.unknown_above);
  }
  columns.unknown_score = std::move(scores.displaced);
  columns.undisplaced_score = std::move(scores.undisplaced);
  return judged;
}

LabelChoice choose_labels(const Model& model, const Judged& judged, double error_rate) {
  const float least = setting_for(model.calibration.promise, error_rate).least_probability;
  const std::size_t classes = model.classes.size();
  LabelChoice choice;
  for (std::size_t cell = 0; cell < judged.is_new.size(); ++cell) {
    const std::span<const float> probability(judged.probability.data() + cell * classes, classes);
    ChosenLabel label{LabelKind::Unknown, -1, judged.columns.probability[cell]};
    if (!judged.is_new[cell]) label = choose_label(probability, judged.columns.best[cell], model.broader, least);
    choice.kind.push_back(label.kind);
    choice.term.push_back(label.term);
    choice.label_probability.push_back(label.probability);
  }
  return choice;
}

}  // namespace

Annotations decide(const Model& model, const StudentOutput& output, const CountMatrix& expression,
                   const DecideOptions& options) {
  Judged judged = judge_cells(model, output, expression, options);
  LabelChoice choice = choose_labels(model, judged, options.error_rate);
  return {std::move(choice), std::move(judged.columns)};
}

AnnotationsAtRates decide_at(const std::vector<double>& error_rates, const Model& model, const StudentOutput& output,
                             const CountMatrix& expression, const DecideOptions& options) {
  Judged judged = judge_cells(model, output, expression, options);
  std::vector<LabelChoice> choices;
  for (const double rate : error_rates) choices.push_back(choose_labels(model, judged, rate));
  return {std::move(judged.columns), std::move(choices)};
}

Annotations annotate(const Model& model, const CountMatrix& expression, const DecideOptions& options) {
  return decide(model, run_student(model.student, expression), expression, options);
}

LabelName label_of(const Model& model, const Annotations& annotations, std::int64_t cell, UnknownPolicy policy) {
  const auto at = static_cast<std::size_t>(cell);
  const LabelKind kind = policy == UnknownPolicy::LabelAll ? LabelKind::Type : annotations.kind[at];
  if (kind == LabelKind::Unknown) return {"unknown", ""};
  if (kind == LabelKind::Broader) {
    const BroaderTerm& term = model.broader[static_cast<std::size_t>(annotations.term[at])];
    return {term.name, term.id};
  }
  const CellType& best = model.classes[static_cast<std::size_t>(annotations.best[at])];
  return {best.name, best.ontology_id};
}

std::string name_of(LabelKind kind) {
  switch (kind) {
    case LabelKind::Type: return "type";
    case LabelKind::Broader: return "broader";
    case LabelKind::Unknown: return "unknown";
  }
  return "unknown";
}

std::vector<LabelName> labels_of(const Model& model) {
  std::vector<LabelName> labels;
  for (const CellType& type : model.classes) labels.push_back({type.name, type.ontology_id});
  for (const BroaderTerm& term : model.broader) labels.push_back({term.name, term.id});
  labels.push_back({"unknown", ""});
  return labels;
}

std::int32_t label_index(const Model& model, const Annotations& annotations, std::int64_t cell, UnknownPolicy policy) {
  const auto at = static_cast<std::size_t>(cell);
  const auto types = static_cast<std::int32_t>(model.classes.size());
  switch (policy == UnknownPolicy::LabelAll ? LabelKind::Type : annotations.kind[at]) {
    case LabelKind::Type: return annotations.best[at];
    case LabelKind::Broader: return types + annotations.term[at];
    case LabelKind::Unknown: break;
  }
  return types + static_cast<std::int32_t>(model.broader.size());
}

namespace {

// Adds cells [first, end) of one to another, column by column.
void extend(Annotations& annotations, const Annotations& by, std::int64_t first, std::int64_t end) {
  const auto copy = [&](auto& to, const auto& from, std::int64_t width = 1) {
    to.insert(to.end(), from.data() + width * first, from.data() + width * end);
  };
  copy(annotations.kind, by.kind);
  copy(annotations.term, by.term);
  copy(annotations.label_probability, by.label_probability);
  copy(annotations.best, by.best);
  copy(annotations.second, by.second);
  copy(annotations.probability, by.probability);
  copy(annotations.second_probability, by.second_probability);
  copy(annotations.unknown_score, by.unknown_score);
  copy(annotations.undisplaced_score, by.undisplaced_score);
  copy(annotations.map, by.map, 2);
}

}  // namespace

void Annotations::append(const Annotations& more) { extend(*this, more, 0, more.cells()); }

Annotations slice_of(const Annotations& annotations, std::int64_t first, std::int64_t end) {
  Annotations slice;
  extend(slice, annotations, first, end);
  return slice;
}

std::string csv_header(char separator) {
  return joined({"cell", "label", "ontology_id", "kind", "probability", "unknown_score", "best_label", "best_probability",
                 "second_label", "second_probability"}, std::string(1, separator));
}

std::string csv_line(const Model& model, const Annotations& annotations, std::int64_t cell,
                     const std::string& cell_name, UnknownPolicy policy, char separator) {
  const auto at = static_cast<std::size_t>(cell);
  const bool label_all = policy == UnknownPolicy::LabelAll;
  const LabelName label = label_of(model, annotations, cell, policy);
  const std::int32_t second = annotations.second[at];
  const auto text = [&](const std::string& field) { return quoted_for_csv(field, separator); };
  const auto number = [](float value) { return number_for_csv(static_cast<double>(value)); };
  return joined({text(cell_name), text(label.name), text(label.ontology_id), name_of(label_all ? LabelKind::Type : annotations.kind[at]),
                 number(label_all ? annotations.probability[at] : annotations.label_probability[at]),
                 number(annotations.unknown_score[at]), text(model.classes[static_cast<std::size_t>(annotations.best[at])].name),
                 number(annotations.probability[at]), second < 0 ? "" : text(model.classes[static_cast<std::size_t>(second)].name),
                 number(annotations.second_probability[at])},
                std::string(1, separator));
}

}  // namespace plkd

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/annotate/choose_label.h"
#include "shared/annotate/gate.h"
#include "shared/annotate/other_modality.h"
#include "shared/annotate/promise.h"
#include "shared/counts/counts_reader.h"
#include "shared/genes/organism.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/model.h"
#include "shared/preprocess/complete_panel.h"
#include "shared/preprocess/inspect.h"
#include "shared/preprocess/recipe.h"

namespace plkd {

// What some cells are called when a given share of wrong labels is accepted.
struct LabelChoice {
  std::vector<LabelKind> kind;           // [cells]
  std::vector<std::int32_t> term;        // [cells], index into the model's broader terms, -1 unless kind is Broader
  std::vector<float> label_probability;  // [cells], of the types the label covers; of best when unknown
};

// What does not depend on that share.
struct CellColumns {
  std::vector<std::int32_t> best;         // [cells], class
  std::vector<std::int32_t> second;       // [cells], class, -1 in a model of one class
  std::vector<float> probability;         // [cells], of best, calibrated
  std::vector<float> second_probability;  // [cells]
  std::vector<float> unknown_score;       // [cells], 0 (like the reference) to 1 (unlike all of it)
  std::vector<float> undisplaced_score;   // [cells], the same by the types' own places in the reference: ShiftMeter wants it
  std::vector<float> map;                 // [cells x 2]
};

// Labels of some cells, by columns. `best` is always given; `kind` says whether it is the label, or too much to say.
struct Annotations : LabelChoice, CellColumns {
  std::int64_t cells() const { return static_cast<std::int64_t>(best.size()); }
  void append(const Annotations& more);
};
Annotations slice_of(const Annotations& annotations, std::int64_t first, std::int64_t end);

// What `prepare` knows about a query before the first cell is annotated.
struct QueryReport {
  OrganismGuess organism;
  Inspection inspection;
  AlignmentReport alignment;
  std::string gene_names;  // column of the genes' table whose names were used; empty for the file's own
  GateVerdict verdict;    // what is wrong in a query that was opened all the same was set aside
  std::vector<ModalityReport> modalities;  // those that the model takes, in its order; empty for a model of RNA alone

  // Whether there are genes on both sides: not where the model takes none, nor where the file has none.
  bool compares_genes() const { return alignment.model_genes > 0; }
  // Modalities that cells are labelled by: all that the model takes, or those of them that the file has.
  std::vector<Modality> used() const;
  // Of the features of these modalities that the model takes, the share that the file has.
  double share() const;
};

// Why no error rate holds for the labels of such a query, whatever its shift: it does not fit the model, or its genes stand for
// another organism's. Empty when one may hold.
std::string no_promise_because(const QueryReport& report);

enum class Gate { Refuse, Report };

struct QueryOptions {
  Orthologues orthologues = Orthologues::Ignore;
  // Report goes on whatever the verdict; labels may then be noise.
  Gate gate = Gate::Refuse;
  // Modalities that the file may have and that are not to be used, all the same.
  std::vector<Modality> without = {};
};

// Factors that a query's counts are divided by, gene by gene: what its chemistry catches better or worse than the
// reference's. See adapt.h.
struct GeneScaling {
  std::int64_t genes = 0;
  std::vector<float> factor;        // [batches x genes], of the model
  std::vector<std::int32_t> batch;  // [cells], -1 for a cell that is not scaled; empty when all are of batch 0

  std::int32_t batch_of(std::int64_t cell) const { return batch.empty() ? 0 : batch[static_cast<std::size_t>(cell)]; }
};

// Counts of some cells over the model's genes, and what each cell's are still to be multiplied by.
struct ScaledCounts {
  CountMatrix counts;        // [cells x model genes]; whole numbers unless the file's are not, or a GeneScaling divided them
  std::vector<float> scale;  // [cells], by the library over all genes of the query; 0 for a cell without counts
};

// A query made ready for a model: inspected and aligned once, then read by ranges of cells.
class Query {
 public:
  // Throws BadInput when the gate does not let it pass, unless the gate only reports, when orthologues are wanted of a model that knows
  // none, and when the file has nothing of what the model takes.
  Query(CountsReader& reader, const Model& model, const QueryOptions& options = {});

  const QueryReport& report() const { return report_; }
  std::int64_t cells() const { return reader_.cells(); }
  const PreprocessRecipe& recipe() const { return recipe_; }
  // Its genes as people call them: by symbol where one is known, else by id.
  std::vector<std::string> gene_names() const;  // [query genes]

  // Counts of cells [first, end) over all genes of the query, a logarithm undone.
  CountMatrix counts(std::int64_t first, std::int64_t end);  // [cells x query genes]
  // Such counts of cells [first, ...) over all that the model takes; of other modalities than RNA it reads them itself.
  CountMatrix measured_of(const CountMatrix& counts, std::int64_t first) const;  // [cells x model features]
  // The Student's input of these cells: scaled where a chemistry is adapted to, panels completed, log-normalised.
  CountMatrix expression_of(const CountMatrix& counts, std::int64_t first) const;  // [cells x model features]
  // All but its last step, of a model of RNA alone: expression is log(1 + count * scale).
  ScaledCounts scaled_counts_of(const CountMatrix& counts, std::int64_t first) const;
  CountMatrix expression(std::int64_t first, std::int64_t end) { return expression_of(counts(first, end), first); }

  // From now on counts are divided by these factors before they are log-normalised; without factors they are as they were. The library stays what was sequenced:
  // taking it anew is not better (PBMC 3k -> TEA-seq 0.814 / 0.549 against 0.813 / 0.546).
  void scale(GeneScaling scaling);
  const GeneScaling& scaling() const { return scaling_; }

 private:
  void match_genes_of(const Model& model, const QueryOptions& options);
  void add_modality(const Model& model, const FeatureBlock& block);
  void set_aside_last();
  void refuse_without_features(const Model& model) const;
  CountMatrix model_counts_of(const CountMatrix& counts, std::int64_t first) const;  // [cells x model features]

  CountsReader& reader_;
  PreprocessRecipe recipe_;
  bool has_genes_ = false;              // and they are wanted
  std::int64_t features_;               // of the model, all modalities together
  GeneAlignment alignment_;             // of the genes
  std::vector<OtherModality> others_;
  PanelCompletion completion_;          // of the proteins that the file lacks
  GeneScaling scaling_;
  QueryReport report_;
};

struct DecideOptions {
  // Share of wrong labels that the user accepts. Lowering it gives fewer and broader labels; the model's promise says which
  // probability it takes. See setting_for.
  double error_rate = 0.05;
  // Where the types lie in the query, as displace.h finds it; without it, where they lie in the reference.
  const Novelty* displaced = nullptr;
  // Types that may be given, in the model's order, as choose_types finds them; empty for all. The others have no probability, which
  // those that are left share; whether a cell is unlike the whole reference is judged with all types.
  std::vector<char> is_possible = {};  // [classes]
};

// Turns a Student's output, from whichever engine, into labels. Equal logits go to the class that comes first. A cell whose unknown
// score is above the model's threshold and a cell without counts, or unlike any type in its genes, which `expression` tells, are
// unknown.
Annotations decide(const Model& model, const StudentOutput& output, const CountMatrix& expression,
                   const DecideOptions& options = {});

// The same at several error rates, for little more than at one: only the choice of labels is repeated.
struct AnnotationsAtRates : CellColumns {
  std::vector<LabelChoice> choices;  // [error rates]
};
// `options.error_rate` is not one of them.
AnnotationsAtRates decide_at(const std::vector<double>& error_rates, const Model& model, const StudentOutput& output,
                             const CountMatrix& expression, const DecideOptions& options = {});

// A cell's probabilities as `decide` compares them: calibrated, none for types that may not be given.
std::vector<float> probabilities_among(const std::vector<char>& is_possible,  // [classes], empty for all
                                       std::span<const float> logits, float temperature);

// Labels of prepared cells: run_student, then decide.
Annotations annotate(const Model& model, const CountMatrix& expression, const DecideOptions& options = {});

// The label as people read it, with its ontology id: a type, a broader term, or "unknown" without id.
struct LabelName {
  std::string name;
  std::string ontology_id;
};

// With LabelAll every cell gets its best type, none is broader or unknown.
enum class UnknownPolicy { Allow, LabelAll };
LabelName label_of(const Model& model, const Annotations& annotations, std::int64_t cell, UnknownPolicy policy);
std::string name_of(LabelKind kind);  // "type", "broader", "unknown"

// All that a label can be, in one order: the model's types, its broader terms, unknown.
std::vector<LabelName> labels_of(const Model& model);
std::int32_t label_index(const Model& model, const Annotations& annotations, std::int64_t cell, UnknownPolicy policy);  // into labels_of

// The header of labels.csv and one line a cell; of a TSV with a tab for a separator.
std::string csv_header(char separator = ',');
std::string csv_line(const Model& model, const Annotations& annotations, std::int64_t cell,
                     const std::string& cell_name, UnknownPolicy policy, char separator = ',');

}  // namespace plkd

#include "trainer/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "shared/cli/query_flags.h"
#include "shared/error.h"
#include "trainer/reference_mode.h"

namespace plkd {
namespace {

// Checked, but not spelt out in the help.
template <class T>
CLI::Validator within(T least, T most) {
  return CLI::Range(least, most).description("");
}

CLI::Validator weight() { return within(0.0, 1000.0); }
CLI::Validator epochs() { return within(0.01, 10000.0); }

// Both words once were values of --checkpoint.
CLI::Validator is_no_kind_of_weights() {
  return CLI::Validator(
      [](const std::string& path) {
        return path == "last" || path == "best" ? "takes a file; which weights are kept is said by --keep " + path
                                                : std::string();
      },
      "FILE");
}

// "adt=obsm:protein_counts"
void add_modality(ReferenceOptions& to, const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::optional<Modality> modality = modality_named(text.substr(0, equals));
  if (!modality || *modality == Modality::Rna)
    throw Error(ErrorKind::WrongUsage, "--modality " + text + ": no such modality beside the genes",
                "it is adt (surface proteins) or atac (chromatin), or adt=PLACE as `plkd describe` names the places");
  const std::string place = text.substr(std::min(equals + 1, text.size()));
  to.features.modalities[*modality] = place;
  if (!place.empty()) to.open.modalities[place] = *modality;
}

void declare_teacher(CLI::App& app, TrainOptions& to) {
  const char* group = "Teacher";
  FitTeacherOptions& teacher = to.teacher;
  app.add_option("--teacher-blocks", teacher.network.blocks, "Transformer blocks")
      ->check(within(1, 64))
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher-heads", teacher.network.heads, "attention heads of a block")
      ->check(within(1, 64))
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher-width", teacher.network.embed, "numbers in a token; must divide by the heads")
      ->check(within(1, 4096))
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher-dropout", teacher.network.dropout, "raising it helps small references")
      ->check(within(0.0, 0.95))
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher-epochs", teacher.epochs,
                 "passes over the reference, at least 250 steps (half below 600 cells)")
      ->check(epochs())
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--ddc-weight", teacher.clustering_weight,
         "divergence-based clustering loss: raising it spreads the classes wider, at the cost of the labels")
      ->check(weight())
      ->capture_default_str()
      ->group(group);
  app.add_option("--ddc-terms", teacher.clustering.terms,
                 "2 adds the loss's term for the corners of the classes")
      ->check(within(1, 2))
      ->capture_default_str()
      ->group(group);
  app.add_option("--transformer-weight", to.committee.transformer,
                 "say of the pattern Transformer among the Student's teachers")
      ->check(weight())
      ->capture_default_str()
      ->group(group);
  app.add_option("--standardised-weight", to.committee.standardised,
                 "say of the linear teacher that sees each gene in its own deviations; 0 leaves it out")
      ->check(weight())
      ->capture_default_str()
      ->group(group);
  app.add_option("--expression-weight", to.committee.expression,
                 "say of the linear teacher that sees expression as it is, 0.15 of that in a model of proteins alone; 0 leaves it out")
      ->check(weight())
      ->capture_default_str()
      ->group(group);
  app.add_option("--save-teacher", to.save_teacher, "write the trained Teacher to this file")->group(group);
  app.add_option("--teacher-out", to.teacher_out,
                 "write the trained Teacher to this .onnx file: the page shows its attention beside the model's labels")
      ->group(group);
  app.add_option("--warm-start", to.warm_start, "start from a saved Teacher, as far as it fits")
      ->group(group);
}

void declare_student(CLI::App& app, DistilOptions& to) {
  const char* group = "Student";
  app.add_option("--student-widths", to.network.widths, "widths of its hidden layers")
      ->delimiter(',')
      ->check(within(2, 100000))
      ->default_str(CLI::detail::join(to.network.widths, ","))
      ->group(group);
  app.add_option("--student-dropout", to.network.dropout, "raising it helps small references")
      ->check(within(0.0, 0.95))
      ->capture_default_str()
      ->group(group);
  app.add_option("--student-epochs", to.epochs,
                 "passes over the reference, at least 450 steps (half below 600 cells)")
      ->check(epochs())
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher-share", to.teacher_share,
                 "weight of the teachers against the labels in the Student's loss; 0 trains it alone")
      ->check(within(0.0, 1.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--temperature", to.temperature,
                 "softens the Teacher's answers: raising it shows more of its doubts")
      ->check(within(0.1, 100.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--prior", to.prior,
                 "how much types that are frequent in the reference are preferred: 1 as much as they are "
                 "frequent, 0 not at all; lowering it finds more of the rare types")
      ->check(within(0.0, 1.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--self-entropy-weight", to.self_entropy_weight,
                 "raising it holds the Student closer to the reference's shares of types")
      ->check(weight())
      ->capture_default_str()
      ->group(group);
}

void declare_reference_mode(CLI::App& app, TrainOptions& to) {
  std::string parts;
  for (const Deviation& deviation : deviations())
    parts += std::string("\n") + deviation.name + ": " + deviation.meaning;
  // Before the other options take effect, so that each can still be changed.
  app.add_option_function<std::string>(
         "--reference-mode", [&to](const std::string& names) { use_reference_mode(to, names); },
         "train as the published implementation does, in all or in these parts, separated by commas:" + parts)
      ->expected(0, 1)
      ->trigger_on_parse()
      ->type_name("[PARTS]")
      ->group("Ablation");
}

void declare_card(CLI::App& app, ModelCard& to) {
  const char* group = "Model card";
  app.add_option("--name", to.name, "the model's name (default: the name of the file)")->group(group);
  app.add_option("--organism", to.organism, "for example human")->group(group);
  app.add_option("--tissue", to.tissue, "for example blood")->group(group);
  app.add_option("--licence", to.licence, "under which the model may be used")->group(group);
  app.add_option("--source", to.sources, "publication or data set; may be repeated")->group(group);
}

void declare_run(CLI::App& app, CommandLine& to) {
  const char* group = "Run";
  app.add_option("--ontology", to.train.ontology,
                 "Cell Ontology (.obo): a cell whose type is unsure gets a broader term of it")
      ->group(group);
  const std::map<std::string, DeviceChoice> devices = {
      {"auto", DeviceChoice::Auto}, {"cpu", DeviceChoice::Cpu}, {"cuda", DeviceChoice::Cuda}};
  app.add_option("--out", to.out, "model file to write (.onnx)")->required()->group(group);
  app.add_option("--json", to.json, "write a report of the training to this file")->group(group);
  app.add_option("--seed", to.train.prepare.seed, "same seed, same model")
      ->capture_default_str()
      ->group(group);
  // Of all networks.
  app.add_option_function<double>(
         "--modality-dropout",
         [&to](double value) {
           for (CorruptionOptions* corruption :
                {&to.train.teacher.corruption, &to.train.committee.corruption, &to.train.student.corruption})
             corruption->modality_dropout = value;
         },
         "share of training cells that lose one of several modalities: lowering it labels files that lack one worse, "
         "and files that have all hardly better")
      ->check(within(0.0, 0.95))
      ->default_str(CLI::detail::to_string(to.train.student.corruption.modality_dropout))
      ->group(group);
  // Of both networks.
  app.add_option_function<double>(
         "--label-smoothing",
         [&to](double value) {
           to.train.teacher.label_smoothing = value;
           to.train.student.label_smoothing = value;
         },
         "share of certainty that labels are denied; raising it makes for more doubt about cells of unseen "
         "types")
      ->check(within(0.0, 0.9))
      ->default_str(CLI::detail::to_string(to.train.student.label_smoothing))
      ->group(group);
  app.add_option_function<double>(
         "--integrate",
         [&to](double value) {
           to.train.teacher.alignment_weight = value;
           to.train.student.alignment_weight = value;
         },
         "raising it draws together what each type's batches (--batch) look like, to both networks, and of several "
         "modalities what its cells look like by each")
      ->check(weight())
      ->default_str("0")
      ->group(group);
  const std::map<std::string, Checkpoint> checkpoints = {{"last", Checkpoint::Last},
                                                         {"best", Checkpoint::Best}};
  app.add_option_function<std::string>(
         "--keep",
         [&to, checkpoints](const std::string& name) {
           to.train.teacher.loop.keep = to.train.student.loop.keep = checkpoints.at(name);
         },
         "weights to keep: last, or those best with the held-out cells, which then flatter the calibration")
      ->check(CLI::IsMember({"last", "best"}))
      ->default_str("last")
      ->group(group);
  app.add_option("--checkpoint", to.train.checkpoint,
                 "keep the unfinished training in this file: after a kill the same command goes on from it to the same "
                 "model; removed at the end")
      ->check(is_no_kind_of_weights())
      ->group(group);
  app.add_option("--checkpoint-every", to.train.checkpoint_every_s, "seconds between two writes of it, at least")
      ->check(within(0.0, 86400.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--memory", to.train.prepare.memory_mb,
                 "MB of memory there are; counts of the chosen genes that would take more than half of it lie in a "
                 "file without a name beside --out (default: what is free)")
      ->check(within(1.0, 1e9))
      ->group(group);
  const std::map<std::string, FinalFit> fits = {{"all", FinalFit::AllCells},
                                                {"training", FinalFit::TrainingCells}};
  app.add_option("--final-fit", to.train.final_fit,
                 "cells that the model learns from once it is calibrated: all, or training, which ends "
                 "sooner and keeps "
                 "the held-out cells unseen")
      ->transform(CLI::CheckedTransformer(fits).description("{all,training}"))
      ->default_str("all")
      ->group(group);
  app.add_option("--device", to.train.prepare.device, "auto, cpu or cuda")
      ->transform(CLI::CheckedTransformer(devices, CLI::ignore_case).description("{auto,cpu,cuda}"))
      ->group(group);
  app.add_option("--threads", to.train.threads, "threads (default: one for each physical core)")
      ->check(within(1, 1024))
      ->group(group);
  app.add_flag("--quiet", to.quiet, "print errors only")->group(group);
}

}  // namespace

void declare_reference(CLI::App& app, ReferenceOptions& to) {
  const char* group = "Reference";
  app.add_option("--cells", to.files, "labelled reference (.h5ad); may be repeated")
      ->required()
      ->group(group);
  app.add_option("--labels", to.labels, "column of the cells' table with the labels")
      ->required()
      ->group(group);
  app.add_option(
         "--label-map", to.label_map,
         "table (CSV or TSV, no header) of from,to or file,from,to: renames labels; an empty `to` leaves the "
         "cells out")
      ->group(group);
  app.add_option(
         "--batch", to.batch,
         "column that tells batches apart; of three or more, whole batches are held out (default: each file)")
      ->group(group);
  app.add_option("--where", to.where, "COLUMN=VALUE: only these cells; may be repeated")->group(group);
  app.add_option("--drop", to.drop, "COLUMN=VALUE: without these cells; may be repeated")->group(group);
  app.add_option("--ontology-ids", to.ontology_ids,
                 "column with Cell Ontology ids (default: cell_ontology_id or cell_type_ontology_term_id)")
      ->group(group);
  app.add_option("--slot", to.open.slot, kSlotHelp)->group(group);
  app.add_option_function<std::vector<std::string>>(
         "--modality",
         [&to](const std::vector<std::string>& all) {
           for (const std::string& text : all) add_modality(to, text);
         },
         "what to learn from beside the genes: adt (surface proteins) or atac (chromatin), wherever it is found, or "
         "adt=PLACE as `plkd describe` names it, for example adt=obsm:protein_counts; may be repeated (default: genes "
         "alone; of a file without genes what it has)")
      ->type_name("NAME[=PLACE]")
      ->trigger_on_parse()
      ->group(group);
  app.add_flag("--without-genes", to.features.without_genes, "learn from proteins or chromatin alone though the file has genes")
      ->group(group);
  app.add_option("--gene-places", to.features.gene_places,
                 "where genes are (GTF, or BED with strands; gzip or not): chromatin is also counted gene by gene, over its "
                 "body and 2,000 bases before it, so that the genes' patterns apply to it")
      ->group(group);
}

void declare_patterns(CLI::App& app, PrepareOptions& to) {
  const char* group = "Genes and patterns";
  app.add_option("--genes", to.genes,
                 "genes the model looks at; fewer are faster, below 1,000 rare types suffer")
      ->check(within(50, 100000))
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--patterns", to.patterns.source,
         "gene sets that become the Teacher's tokens: a GMT file, 'learned' (co-expression modules of the "
         "reference) or 'random'")
      ->capture_default_str()
      ->group(group);
  app.add_option("--min-pattern-genes", to.patterns.min_genes,
                 "patterns with fewer genes in use are left out")
      ->check(within(1, 100000))
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--max-pattern-genes", to.patterns.max_genes,
         "gene sets with more genes in their file are left out; learned patterns keep their most central "
         "(default: 300 and 60)")
      ->check(within(1, 100000))
      ->group(group);
  app.add_option(
         "--max-patterns", to.patterns.max_patterns,
         "most patterns; time grows with the square (default: 300; for learned, 128 modules are looked for)")
      ->check(within(1, 10000))
      ->group(group);
}

void declare(CLI::App& app, CommandLine& to) {
  declare_reference(app, to.reference);
  declare_patterns(app, to.train.prepare);
  app.add_option("--gene-table", to.train.gene_tables,
                 "other names of the model's genes (CSV or TSV, gzip or not): id,symbol or gene,orthologue pairs, "
                 "or columns id, symbol, aliases, orthologue_symbol, orthologue_id; may be repeated")
      ->group("Genes and patterns");
  declare_teacher(app, to.train);
  declare_student(app, to.train.student);
  declare_reference_mode(app, to.train);
  declare_card(app, to.train.card);
  declare_run(app, to);
}

}  // namespace plkd

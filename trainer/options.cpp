#include "trainer/options.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace plkd {

void declare(CLI::App& app, CommandLine& to) {
  const std::map<std::string, DeviceChoice> devices = {
      {"auto", DeviceChoice::Auto}, {"cpu", DeviceChoice::Cpu}, {"cuda", DeviceChoice::Cuda}};

  app.add_option("--cells", to.reference.files, "labelled reference (.h5ad); may be repeated")->required();
  app.add_option("--labels", to.reference.labels, "column of the cells' table with the labels")->required();
  app.add_option("--out", to.out, "model file to write (.onnx)")->required();
  app.add_option(
      "--batch", to.reference.batch,
      "column that tells batches apart; of three or more, whole batches are held out (default: each file)");
  app.add_option("--where", to.reference.where, "COLUMN=VALUE: only these cells; may be repeated");
  app.add_option("--drop", to.reference.drop, "COLUMN=VALUE: without these cells; may be repeated");
  app.add_option("--patterns", to.train.patterns,
                 "gene sets that become the Teacher's tokens: a GMT file, or 'learned'")
      ->capture_default_str();
  app.add_option("--genes", to.train.genes, "genes the model looks at")
      ->check(CLI::Range(50, 100000))
      ->capture_default_str();
  app.add_option("--seed", to.train.seed, "same seed, same model")->capture_default_str();
  app.add_option("--device", to.train.device, "auto, cpu or cuda")
      ->transform(CLI::CheckedTransformer(devices, CLI::ignore_case).description("{auto,cpu,cuda}"));
  app.add_option("--teacher-share", to.train.teacher_share,
                 "weight of the Teacher against the labels in the Student's loss; 0 leaves the Teacher out")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--ontology-ids", to.reference.ontology_ids,
                 "column with Cell Ontology ids (default: cell_ontology_id or cell_type_ontology_term_id)");
  app.add_option("--ontology", to.train.ontology,
                 "Cell Ontology (.obo): a cell whose type is unsure gets a broader term of it");
  app.add_option("--slot", to.reference.open.slot,
                 "matrix of an h5ad: X, raw.X or layers/NAME (default: where counts are)");
  app.add_option("--name", to.train.card.name, "the model's name (default: the name of the file)");
  app.add_option("--organism", to.train.card.organism, "for the model's card");
  app.add_option("--tissue", to.train.card.tissue, "for the model's card");
  app.add_option("--licence", to.train.card.licence, "for the model's card");
  app.add_option("--source", to.train.card.sources,
                 "publication or data set, for the model's card; may be repeated");
  app.add_option("--json", to.json, "write a report of the training to this file");
  app.add_option("--threads", to.train.threads, "threads (default: one for each physical core)")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--quiet", to.quiet, "print errors only");
}

}  // namespace plkd

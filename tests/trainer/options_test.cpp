#include "trainer/options.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

namespace {

plkd::CommandLine parsed(const std::string& arguments) {
  CLI::App app;
  plkd::CommandLine command_line;
  plkd::declare(app, command_line);
  app.parse("--cells a.h5ad --labels type --out m.onnx " + arguments);
  return command_line;
}

}  // namespace

TEST_CASE("without options the command line trains with the defaults of the structs", "[unit]") {
  const plkd::CommandLine line = parsed("");
  const plkd::TrainOptions defaults;
  CHECK(line.train.student.network.widths == defaults.student.network.widths);
  CHECK(line.train.student.label_smoothing == defaults.student.label_smoothing);
  CHECK(line.train.teacher.label_smoothing == defaults.teacher.label_smoothing);
  CHECK(line.train.prepare.patterns.source == "learned");
}

TEST_CASE("options reach what they name", "[unit]") {
  const plkd::CommandLine line = parsed(
      "--patterns random --min-pattern-genes 7 --max-pattern-genes 80 --max-patterns 90 --teacher-blocks 3 "
      "--teacher-heads 2 --teacher-width 64 --teacher-dropout 0.3 --teacher-epochs 5 --ddc-weight 0.7 "
      "--ddc-terms 2 "
      "--save-teacher t.pt --teacher-out t.onnx --warm-start w.pt --student-widths 512,64,32 --student-dropout 0.4 "
      "--student-epochs 7 "
      "--teacher-share 0.5 --temperature 4 --self-entropy-weight 0.3 --label-smoothing 0.1 --label-map "
      "m.csv --integrate 0.2 --prior 0.6 --gene-table a.csv --gene-table b.tsv.gz");
  CHECK(line.train.gene_tables == std::vector<std::string>{"a.csv", "b.tsv.gz"});
  CHECK(line.train.prepare.patterns.source == "random");
  CHECK(line.train.prepare.patterns.min_genes == 7);
  CHECK(line.train.prepare.patterns.max_genes == 80);
  CHECK(line.train.prepare.patterns.max_patterns == 90);
  CHECK(line.train.teacher.network.blocks == 3);
  CHECK(line.train.teacher.network.heads == 2);
  CHECK(line.train.teacher.network.embed == 64);
  CHECK(line.train.teacher.network.dropout == 0.3);
  CHECK(line.train.teacher.epochs == 5);
  CHECK(line.train.teacher.clustering_weight == 0.7);
  CHECK(line.train.teacher.clustering.terms == 2);
  CHECK(line.train.save_teacher == "t.pt");
  CHECK(line.train.teacher_out == "t.onnx");
  CHECK(line.train.warm_start == "w.pt");
  CHECK(line.train.student.network.widths == std::vector<std::int64_t>{512, 64, 32});
  CHECK(line.train.student.network.dropout == 0.4);
  CHECK(line.train.student.epochs == 7);
  CHECK(line.train.student.teacher_share == 0.5);
  CHECK(line.train.student.temperature == 4);
  CHECK(line.train.student.self_entropy_weight == 0.3);
  CHECK(line.train.student.prior == 0.6);
  CHECK(line.train.student.label_smoothing == 0.1);
  CHECK(line.train.teacher.label_smoothing == 0.1);
  CHECK(line.train.teacher.alignment_weight == 0.2);
  CHECK(line.train.student.alignment_weight == 0.2);
  CHECK(line.reference.label_map == "m.csv");
}

TEST_CASE("an option given beside --reference-mode wins over it, wherever it stands", "[unit]") {
  for (const char* arguments :
       {"--reference-mode --teacher-epochs 3", "--teacher-epochs 3 --reference-mode all",
        "--reference-mode=optimiser,ddc --teacher-epochs 3"}) {
    INFO(arguments);
    const plkd::CommandLine line = parsed(arguments);
    CHECK(line.train.teacher.epochs == 3);
    CHECK(line.train.teacher.loop.batch == 8);
    CHECK(line.train.student.epochs == 10);
    CHECK(line.train.as_published.size() > 1);
  }
}

TEST_CASE("a Student's layer of no width is refused", "[unit]") {
  CHECK_THROWS_AS(parsed("--student-widths 128,0"), CLI::ValidationError);
}

TEST_CASE("an unfinished training is kept in a file, the best weights by another option", "[unit]") {
  CHECK(parsed("").train.checkpoint.empty());
  const plkd::CommandLine line = parsed("--checkpoint unfinished.training --checkpoint-every 5 --keep best");
  CHECK(line.train.checkpoint == "unfinished.training");
  CHECK(line.train.checkpoint_every_s == 5);
  CHECK(line.train.teacher.loop.keep == plkd::Checkpoint::Best);
  CHECK(line.train.student.loop.keep == plkd::Checkpoint::Best);
  CHECK_THROWS_AS(parsed("--checkpoint best"), CLI::ValidationError);
  CHECK(parsed("").train.prepare.memory_mb == 0);
  CHECK(parsed("--memory 800").train.prepare.memory_mb == 800);
}

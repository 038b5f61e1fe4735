// References and trainings of several modalities.

#include "trainer/data/modalities.h"

#include <catch2/catch.hpp>
#include <map>

#include "shared/annotate/annotate.h"
#include "shared/preprocess/complete_panel.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/support/files.h"
#include "tests/support/hdf5_files.h"
#include "tests/trainer/random_cells.h"
#include "tests/trainer/small_reference.h"
#include "trainer/data/corrupt.h"
#include "trainer/fit/prepare.h"
#include "trainer/teacher/teacher.h"
#include "trainer/train.h"

using namespace plkd;
using namespace plkd::test;

namespace {

constexpr std::int64_t kCells = 120, kGenes = 80;
const std::vector<std::string> kProteins = {"CD3", "CD19", "CD14", "CD56", "Mouse-IgG1 isotype"};
constexpr const char* kFile = "modalities_test_reference.h5ad";

// Genes tell type 0 from the others, proteins type 2 from the others; only both tell all three apart.
void write_reference(const std::string& path, std::int64_t cells, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::poisson_distribution<int> low(0.3), high(4), background(2), bright(60);
  std::vector<std::vector<float>> rows;
  std::vector<float> proteins;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const bool is_first = cell % 3 == 0, is_last = cell % 3 == 2;
    rows.emplace_back();
    for (std::int64_t gene = 0; gene < kGenes; ++gene)
      rows.back().push_back(static_cast<float>((gene % 4 == 0) == is_first ? high(rng) : low(rng)));
    for (std::size_t protein = 0; protein < kProteins.size(); ++protein)
      proteins.push_back(static_cast<float>((protein == 1 && is_last) || protein == 2 ? bright(rng) : background(rng)));
  }
  CountMatrix counts = matrix_of(rows);
  counts.genes = kGenes;
  write_cells(path, counts, numbered_genes(kGenes), {type_column(cells)});
  const hdf5::Group root = hdf5::open_file_to_change(path);
  root.group("obsm").write_rows("protein_counts", proteins, static_cast<std::int64_t>(kProteins.size()));
  write_texts(root.group("uns"), "protein_names", kProteins);
}

Reference reference_of(const std::string& path, bool without_genes = false) {
  ReferenceOptions options = options_for({path});
  options.features.modalities = {{Modality::Protein, "obsm:protein_counts"}};
  options.features.without_genes = without_genes;
  return load_reference(options, Verbosity::Quiet);
}

// Two cells over 3 genes and 2 proteins, with a flag behind each.
const std::vector<FeatureBlock> kBlocks = {{Modality::Rna, 0, 3}, {Modality::Protein, 4, 6}};
Cells two_cells() {
  Cells cells;
  cells.counts.genes = 7;
  cells.counts.row_begin = {0, 3, 5};
  cells.counts.gene = {0, 2, 4, 1, 5};
  cells.counts.count = {1, 2, 3, 4, 5};
  cells.library = {3, 4};
  cells.label = {0, 1};
  return cells;
}

TrainOptions quick_options() {
  TrainOptions options;
  options.threads = 1;
  options.prepare.device = DeviceChoice::Cpu;
  options.card.name = "two";
  return options;
}

}  // namespace

TEST_CASE("only the modalities that are kept are left of a cell", "[unit]") {
  const Cells rna = only_modalities(two_cells(), kBlocks, {Modality::Rna});
  CHECK(rna.counts.gene == std::vector<std::int32_t>{0, 2, 1});
  CHECK(rna.counts.row_begin == std::vector<std::int64_t>{0, 2, 3});
  CHECK(only_modalities(two_cells(), kBlocks, {}).counts.gene == two_cells().counts.gene);
}

TEST_CASE("dropping modalities leaves every cell one of them", "[unit]") {
  std::mt19937_64 rng(1);
  std::map<std::size_t, int> left;  // by entries of the first cell
  for (int draw = 0; draw < 400; ++draw) {
    Cells cells = two_cells();
    drop_modalities(cells, kBlocks, 0.5, rng);
    ++left[plkd::at(cells.counts.row_begin[1])];
    CHECK(cells.counts.row_begin[2] > cells.counts.row_begin[1]);
    CHECK(cells.library == two_cells().library);
  }
  // RNA has two entries of the first cell, proteins one.
  CHECK(left[3] == Approx(200).margin(40));
  CHECK(left[2] == Approx(100).margin(35));
  CHECK(left[1] == Approx(100).margin(35));
}

TEST_CASE("what was measured of a cell is a bit for each modality", "[unit]") {
  CHECK(measured_in(two_cells(), kBlocks) == std::vector<std::int64_t>{3, 3});
  CHECK(measured_in(only_modalities(two_cells(), kBlocks, {Modality::Protein}), kBlocks) == std::vector<std::int64_t>{2, 2});
  CHECK(measured_in(two_cells(), {}) == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("corruption counts genes alone in the library", "[unit]") {
  CorruptionOptions options;
  options.thinned_share = options.max_masked = options.other_panels = options.gene_spread = options.modality_dropout = 0;
  std::mt19937_64 rng(2);
  const Cells same = corrupt(two_cells(), {.blocks = kBlocks}, options, rng);
  CHECK(same.library == two_cells().library);
  CHECK(same.counts.count == two_cells().counts.count);
}

TEST_CASE("antibodies that another laboratory lacks are completed as a query's are", "[unit]") {
  std::mt19937_64 rng(3);
  Cells cells = test::random_cells(rng, 40, 20, 0.8);
  cells.counts.genes = 21;  // and the flag
  PreprocessRecipe recipe{.blocks = {{Modality::Rna, 0, 4}, {Modality::Protein, 5, 20}}, .typical_proteins = std::vector<float>(15, -0.3F)};
  CorruptionOptions options;
  options.thinned_share = options.max_masked = options.gene_spread = options.modality_dropout = 0;
  options.other_panels = 1;
  options.max_missing_proteins = 0.9;
  options.pseudo_batches = 1;
  const Cells seen = corrupt(cells, recipe, options, rng);

  auto expected = test::dense_of(cells.counts);
  const auto rows = test::dense_of(seen.counts);
  std::vector<std::int32_t> missing;
  for (std::size_t protein = 5; protein < 20; ++protein) {
    bool is_measured = true;
    for (std::size_t cell = 0; cell < 40; ++cell) is_measured = is_measured && rows[cell][protein] == expected[cell][protein];
    if (is_measured) continue;
    missing.push_back(static_cast<std::int32_t>(protein));
    for (auto& row : expected) row[protein] = 0;
  }
  REQUIRE(missing.size() > 2);
  REQUIRE(missing.size() < 15);
  CountMatrix completed = test::matrix_of(expected);
  complete_panel(completed, {recipe, missing});
  CHECK(seen.counts.gene == completed.gene);
  CHECK(seen.counts.count == completed.count);

  // A panel by itself has nothing to fall back on.
  recipe.blocks = {{Modality::Protein, 0, 20}};
  recipe.typical_proteins.assign(20, -0.3F);
  CHECK(corrupt(cells, recipe, options, rng).counts.count == cells.counts.count);
}

TEST_CASE("proteins join the patterns of their genes, and one pattern of all", "[unit]") {
  GeneVocabulary features{{"CD3E", "MS4A1", "GNLY", "rna measured", "CD3", "CD16", "adt measured"}, {"", "", "", "", "", "", ""}};
  features.alias = {{}, {}, {}, {}, {"CD3D", "CD3E", "CD3G"}, {"FCGR3A"}, {}};
  const std::vector<Pattern> patterns = patterns_of_others({{"t cells", {0, 1}}, {"cytotoxic", {2}}}, features, kBlocks);
  REQUIRE(patterns.size() == 2);
  CHECK(patterns[0].name == "t cells: proteins");
  CHECK(patterns[0].genes == std::vector<std::int32_t>{4});
  CHECK(patterns[1].name == "all proteins");
  CHECK(patterns[1].genes == std::vector<std::int32_t>{4, 5});
}

TEST_CASE("a reference of two modalities has both in one matrix, with flags", "[unit]") {
  const ScratchFile file(kFile);
  write_reference(file.path(), kCells, 1);
  const Reference reference = reference_of(file.path());
  REQUIRE(reference.blocks.size() == 2);
  CHECK(reference.blocks[1].first == kGenes + 1);
  CHECK(reference.blocks[1].size() == 4);  // without the isotype control
  CHECK(reference.genes.symbol[kGenes] == "rna measured");
  CHECK(reference.genes.symbol[plkd::at(reference.blocks[1].first)] == "CD3");
  const auto counts = dense_of(all_cells(reference).counts);
  CHECK(counts[2][kGenes + 2] > 30);  // CD19 of a cell of type 2
  CHECK(counts[0][kGenes + 2] < 15);
  CHECK(reference.library[0] < 80 * 4);

  const Reference proteins = reference_of(file.path(), true);
  REQUIRE(proteins.blocks.size() == 1);
  CHECK(proteins.genes.size() == 5);
  CHECK(all_cells(proteins).counts.genes == 5);

  ReferenceOptions wrong = options_for({file.path()});
  wrong.features.modalities = {{Modality::Chromatin, ""}};
  CHECK(error_of([&] { load_reference(wrong, Verbosity::Quiet); }) ==
        file.path() + ": has no chromatin; it has adt=obsm:protein_counts");
}

TEST_CASE("of both modalities the chosen features are those that tell types apart", "[unit]") {
  const ScratchFile file(kFile);
  write_reference(file.path(), kCells, 1);
  PrepareOptions options;
  options.genes = 50;
  const Prepared prepared = prepare(reference_of(file.path()), options, Verbosity::Quiet);
  REQUIRE(prepared.part.recipe.blocks.size() == 2);
  CHECK(prepared.part.recipe.blocks[0].size() == 50);
  CHECK(prepared.part.recipe.blocks[1].first == 51);
  CHECK(prepared.part.recipe.blocks[1].size() == 4);
  CHECK(prepared.genes.size() == 56);
  // Beside the mean of the panel, so they add up to nothing; CD14 is bright in every cell.
  const std::vector<float>& typical = prepared.part.recipe.typical_proteins;
  REQUIRE(typical.size() == 4);
  CHECK(typical[0] + typical[1] + typical[2] + typical[3] == Approx(0).margin(1e-3));
  CHECK(typical[2] > 1.5F);
  // Each modality is scaled to the same norm, its flag stays what it is.
  const torch::Tensor input = prepared.part.input(read(prepared.part.train));
  for (const auto& [first, size] : {std::pair<std::int64_t, std::int64_t>{0, 50}, {51, 4}})
    CHECK(input.narrow(1, first, size).square().sum(1).mean().item<float>() == Approx(900).epsilon(1e-4));
  CHECK(input.select(1, 50).min().item<float>() == 1);
  CHECK(input.select(1, 55).max().item<float>() == 1);
}

TEST_CASE("the Teacher adds a modality's embedding where it was measured", "[unit]") {
  TeacherOptions options;
  options.dropout = 0;
  options.modalities = kBlocks;
  torch::manual_seed(1);
  Teacher teacher(std::vector<Pattern>{{"genes", {0, 1, 2}, {}}, {"all proteins", {4, 5}, {}}}, 7, 2, options);
  teacher->eval();
  const torch::NoGradGuard no_gradient;
  torch::Tensor measured = torch::zeros({1, 7}), not_measured = torch::zeros({1, 7});
  measured[0][6] = 1;
  CHECK_FALSE(torch::allclose(teacher->forward(measured).latent, teacher->forward(not_measured).latent));
  // A flag is a fact, not a quantity: what else it adds goes through the free token alone.
  teacher->named_parameters()["patterns.free.weight"].zero_();
  torch::Tensor half = measured / 2;
  CHECK(torch::allclose(teacher->forward(measured).latent, teacher->forward(half).latent));
}

TEST_CASE("a model of two modalities labels cells that have both better than those that lack one", "[slow]") {
  // 5 s: trains one model of 120 cells.
  const ScratchFile file(kFile), query_file("modalities_test_query.h5ad");
  write_reference(file.path(), kCells, 1);
  write_reference(query_file.path(), 60, 2);
  TrainOptions options = quick_options();
  options.teacher_out = "teacher.onnx";
  const TrainedModel trained = train(reference_of(file.path()), options, Verbosity::Quiet);
  const Model& model = trained.model;
  REQUIRE(model.partial.size() == 2);
  REQUIRE(model.partial[0].present.size() == 1);
  CHECK(name_of(model.partial[0].present[0]) == "rna");
  CHECK(model.class_means.size() == 3 * plkd::at(model.genes.size()));
  CHECK(model.partial[0].accuracy < model.card.scores.at("accuracy"));
  const Model read = decode_model(encode_model(model), "test");
  CHECK(read.recipe.blocks.size() == 2);

  const auto right = [&](const std::vector<Modality>& without) {
    const std::unique_ptr<CountsReader> reader = open_counts(query_file.path());
    Query query(*reader, read, {.without = without});
    Model as_seen = read;
    calibrate_for(as_seen, query.report().used());
    const Annotations labels = annotate(as_seen, query.expression(0, query.cells()));
    int count = 0;
    for (std::size_t cell = 0; cell < 60; ++cell) count += labels.best[cell] == static_cast<std::int32_t>(cell % 3);
    return count;
  };
  CHECK(right({}) >= 58);
  // Of the two types that a modality does not tell apart one in two is right.
  CHECK(right({Modality::Protein}) == Approx(40).margin(10));
  CHECK(right({Modality::Rna}) == Approx(40).margin(10));

  REQUIRE(trained.teacher);
  const TeacherExample& example = trained.teacher->example;
  CHECK(decode_teacher(encode_teacher(trained.teacher->graph, model, "0123", example), "test", model, "0123").logits ==
        example.logits);
}

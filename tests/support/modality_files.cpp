// Writes what the page's tests of several modalities need, into a folder: cells simulated with proteins and
// chromatin as an h5mu and as a 10x file, and models of two and of three modalities. No model is trained: a
// network drawn at random, to which a direct layer is added that knows the types' means, so that labels make
// sense and differ with what was measured. It is calibrated on other simulated cells.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/annotate/calibrate.h"
#include "shared/annotate/scores.h"
#include "shared/counts/hdf5_file.h"
#include "shared/error.h"
#include "shared/genes/proteins.h"
#include "shared/simulate/simulate.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

using namespace plkd;
using namespace plkd::test;

namespace {

constexpr std::int64_t kCells = 400, kHeldOut = 600, kModelGenes = 200, kStretches = 12;

// Proteins with a gene of the profile that says how much of them a type has. The file lacks the last.
struct Antibody {
  const char* protein;
  const char* gene;
};
constexpr Antibody kAntibodies[] = {
    {"CD3", "CD3E"},  {"CD4", "CD4"},    {"CD8a", "CD8A"}, {"CD14", "CD14"},      {"CD16", "FCGR3A"},
    {"CD19", "CD19"}, {"CD20", "MS4A1"}, {"CD56", "NKG7"}, {"HLA-DR", "HLA-DRA"}, {"CD127", "IL7R"}};
constexpr std::size_t kInFile = std::size(kAntibodies) - 1;

struct Cells {
  SimulatedCells rna;
  CountMatrix proteins;   // [cells x tags]
  CountMatrix chromatin;  // [cells x peaks]
};

std::vector<std::string> tags() {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < kInFile; ++at)
    names.push_back(std::string(kAntibodies[at].protein) + "_TotalSeqB");
  names.insert(names.end(), {"IgG1_control_TotalSeqB", "Hashtag1"});
  return names;
}

std::string place_of(std::int64_t stretch, std::int64_t shift) {
  const std::int64_t begin = 10000 * (stretch + 1) + shift;
  return "chr1:" + std::to_string(begin) + "-" + std::to_string(begin + 500);
}

std::vector<std::string> places(std::int64_t shift) {
  std::vector<std::string> names;
  for (std::int64_t stretch = 0; stretch < kStretches; ++stretch) names.push_back(place_of(stretch, shift));
  return names;
}

// Expected counts of a protein in the cells of a type, above a background of 4.
double level_of(const Profile& profile, const char* gene, std::size_t type) {
  const auto& symbols = profile.genes.symbol;
  const auto at = static_cast<std::size_t>(std::find(symbols.begin(), symbols.end(), gene) - symbols.begin());
  double most = 0;
  for (const TypeProfile& each : profile.types) most = std::max(most, static_cast<double>(each.mean.at(at)));
  return 4 + 12 * static_cast<double>(profile.types[type].mean.at(at)) / most;
}

Cells simulated(const Profile& profile, std::int64_t cells, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  Cells made{Simulator(profile, {.cells = cells, .seed = seed}).cells(0, cells), {}, {}};
  std::vector<std::vector<float>> proteins, chromatin;
  const auto drawn = [&](double mean) {
    return static_cast<float>(std::poisson_distribution<int>(mean)(rng));
  };
  for (const std::int32_t type : made.rna.type) {
    const double depth = std::lognormal_distribution<double>(0, 0.4)(rng);
    std::vector<float> of_proteins, of_chromatin;
    for (std::size_t at = 0; at < kInFile; ++at)
      of_proteins.push_back(
          drawn(depth * level_of(profile, kAntibodies[at].gene, static_cast<std::size_t>(type))));
    of_proteins.insert(of_proteins.end(), {drawn(2 * depth), drawn(30)});
    for (std::int64_t stretch = 0; stretch < kStretches; ++stretch)
      of_chromatin.push_back(drawn((stretch + 3 * type) % 5 == 0 ? 3 : 0.5));
    proteins.push_back(std::move(of_proteins));
    chromatin.push_back(std::move(of_chromatin));
  }
  made.proteins = matrix_of(proteins);
  made.chromatin = matrix_of(chromatin);
  return made;
}

MemoryReader reader_of(const Profile& profile, const Cells& cells) {
  MemoryReader reader(cells.rna.counts, profile.genes);
  reader.others = {{Modality::Protein, "mod:prot", tags()}, {Modality::Chromatin, "mod:atac", places(100)}};
  reader.other_counts = {cells.proteins, cells.chromatin};
  return reader;
}

// ---- models
// --------------------------------------------------------------------------------------------------------

// Genes whose means differ most between types.
std::vector<std::size_t> telling_genes(const Profile& profile) {
  const std::size_t genes = profile.genes.symbol.size();
  std::vector<double> spread(genes);
  for (std::size_t gene = 0; gene < genes; ++gene) {
    const auto logarithm = [&](const TypeProfile& type) {
      return std::log1p(static_cast<double>(type.mean[gene]));
    };
    const auto [least, most] =
        std::minmax_element(profile.types.begin(), profile.types.end(),
                            [&](const auto& a, const auto& b) { return logarithm(a) < logarithm(b); });
    spread[gene] = logarithm(*most) - logarithm(*least);
  }
  std::vector<std::size_t> order(genes);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return spread[a] > spread[b]; });
  order.resize(static_cast<std::size_t>(kModelGenes));
  return order;
}

void add_feature(Model& model, const std::string& symbol, const std::string& id,
                 const std::vector<std::string>& aliases) {
  model.genes.symbol.push_back(symbol);
  model.genes.id.push_back(id);
  model.genes.alias.push_back(aliases);
}

void add_block(Model& model, const Profile& profile, Modality modality) {
  const std::int64_t first = model.genes.size();
  switch (modality) {
    case Modality::Rna:
      for (const std::size_t gene : telling_genes(profile))
        add_feature(model, profile.genes.symbol[gene], profile.genes.id[gene], {});
      break;
    case Modality::Protein:
      for (const Antibody& antibody : kAntibodies)
        add_feature(model, antibody.protein, "", resolve_protein(antibody.protein).genes);
      model.recipe.typical_proteins.assign(std::size(kAntibodies), 0);  // for the one that the file lacks: as the mean of the panel
      break;
    case Modality::Chromatin:
      for (const std::string& place : places(0)) add_feature(model, place, place, {});
      break;
  }
  model.recipe.blocks.push_back({modality, first, model.genes.size()});
  add_feature(model, flag_name(modality), "", {});
}

// Adds -|x - mean of the type|^2 / 2 to the logits, but for what all types have in common; a modality's flag
// carries its means' part, so that one that is missing says nothing.
void add_distance(Model& model, const CountMatrix& expression, const std::vector<std::int32_t>& type) {
  const std::size_t features = static_cast<std::size_t>(model.genes.size()), types = model.classes.size();
  std::vector<double> mean(features * types), cells(types);
  for (std::size_t cell = 0; cell < type.size(); ++cell) {
    const auto of = static_cast<std::size_t>(type[cell]);
    ++cells[of];
    for (auto entry = static_cast<std::size_t>(expression.row_begin[cell]);
         entry < static_cast<std::size_t>(expression.row_begin[cell + 1]); ++entry)
      mean[static_cast<std::size_t>(expression.gene[entry]) * types + of] +=
          static_cast<double>(expression.count[entry]);
  }
  Linear& direct = model.student.direct;
  direct = {model.genes.size(), static_cast<std::int64_t>(types), std::vector<float>(features * types),
            std::vector<float>(types)};
  for (const FeatureBlock& block : model.recipe.blocks) {
    for (std::size_t of = 0; of < types; ++of) {
      double squares = 0;
      for (auto feature = static_cast<std::size_t>(block.first);
           feature < static_cast<std::size_t>(block.end); ++feature) {
        const double value = mean[feature * types + of] / std::max(1.0, cells[of]);
        squares += value * value;
        direct.weight[feature * types + of] = static_cast<float>(value);
      }
      direct.weight[static_cast<std::size_t>(block.end) * types + of] = static_cast<float>(-squares / 2);
    }
  }
}

std::vector<std::vector<Modality>> choices_of(const Model& model) {
  std::vector<std::vector<Modality>> choices;
  const std::size_t all = model.recipe.blocks.size();
  for (unsigned chosen = (1U << all) - 1; chosen > 0; --chosen) {
    choices.emplace_back();
    for (std::size_t at = 0; at < all; ++at)
      if ((chosen >> at & 1U) != 0) choices.back().push_back(model.recipe.blocks[at].modality);
  }
  return choices;  // all first
}

QueryOptions only(const Model& model, const std::vector<Modality>& present) {
  QueryOptions options;
  for (const FeatureBlock& block : model.recipe.blocks)
    if (std::find(present.begin(), present.end(), block.modality) == present.end())
      options.without.push_back(block.modality);
  return options;
}

void calibrate(Model& model, const Profile& profile, const Cells& cells) {
  MemoryReader reader = reader_of(profile, cells);
  const std::vector<std::vector<Modality>> choices = choices_of(model);
  std::vector<std::string> truth;
  for (const std::int32_t type : cells.rna.type)
    truth.push_back(profile.types[static_cast<std::size_t>(type)].name);
  for (const std::vector<Modality>& present : choices) {
    Query query(reader, model, only(model, present));
    const CountMatrix expression = query.expression(0, query.cells());
    const std::vector<float> logits = run_student(model.student, expression).logits;
    Scorer scorer(model);
    scorer.add(annotate(model, expression), truth);
    const Scores scores = scorer.scores();
    const Calibration fitted =
        fit_calibration({{0, logits}}, cells.rna.type, static_cast<std::int64_t>(model.classes.size()));
    if (present == choices.front()) {
      model.calibration = fitted;
      model.card.scores = {{"accuracy", scores.accuracy}, {"macro_f1", scores.macro_f1}};
    } else {
      model.partial.push_back({present, fitted, scores.accuracy, scores.macro_f1});
    }
  }
}

Model model_of(const Profile& profile, const std::vector<Modality>& modalities) {
  Model model;
  for (const Modality modality : modalities) add_block(model, profile, modality);
  const Model random = random_model(7, model.genes.size(), static_cast<std::int64_t>(profile.types.size()));
  model.student = random.student;
  model.patterns = random.patterns;
  model.calibration = random.calibration;
  model.card = {"made up, of " + std::to_string(modalities.size()) + " modalities",
                "human",
                "blood",
                "MIT",
                {"simulated cells"}};
  for (const TypeProfile& type : profile.types) model.classes.push_back({type.name, type.ontology_id, 100});
  const Cells reference = simulated(profile, kHeldOut, 2);
  MemoryReader reader = reader_of(profile, reference);
  add_distance(model, Query(reader, model).expression(0, kHeldOut), reference.rna.type);
  calibrate(model, profile, simulated(profile, kHeldOut, 3));
  return model;
}

// ---- cells
// ---------------------------------------------------------------------------------------------------------

using List = hdf5::Group::ListType;

std::vector<std::string> cell_names(std::int64_t cells) {
  std::vector<std::string> names;
  for (std::int64_t cell = 0; cell < cells; ++cell) names.push_back("cell" + std::to_string(cell));
  return names;
}

void write_table(const hdf5::Group& root, const std::string& table, const std::vector<std::string>& names) {
  const hdf5::Group group = root.create_group(table);
  group.write_attribute("_index", std::string("_index"));
  group.create_list("_index", List::Text).append(names);
}

void write_sparse_matrix(const hdf5::Group& group, const CountMatrix& counts) {
  group.create_list("data", List::Float32).append(counts.count);
  group.create_list("indices", List::Int32).append(counts.gene);
  group.create_list("indptr", List::Int64).append(counts.row_begin);
}

void write_part(const hdf5::Group& mod, const std::string& name, const CountMatrix& counts,
                const std::vector<std::string>& features) {
  const hdf5::Group part = mod.create_group(name);
  write_table(part, "obs", cell_names(counts.cells()));
  write_table(part, "var", features);
  const hdf5::Group matrix = part.create_group("X");
  matrix.write_attribute("encoding-type", std::string("csr_matrix"));
  matrix.write_attribute("shape", std::vector<std::int64_t>{counts.cells(), counts.genes});
  write_sparse_matrix(matrix, counts);
}

void write_h5mu(const std::string& path, const Profile& profile, const Cells& cells) {
  const hdf5::Group root = hdf5::create_file(path);
  write_table(root, "obs", cell_names(cells.rna.counts.cells()));
  std::vector<std::string> labels;
  for (const std::int32_t type : cells.rna.type) labels.push_back(profile.types[static_cast<std::size_t>(type)].name);
  root.group("obs").create_list("cell_type", List::Text).append(labels);
  const hdf5::Group mod = root.create_group("mod");
  write_part(mod, "rna", cells.rna.counts, profile.genes.symbol);
  write_part(mod, "prot", cells.proteins, tags());
  write_part(mod, "atac", cells.chromatin, places(100));
}

void write_tenx(const std::string& path, const Profile& profile, const Cells& cells) {
  CountMatrix proteins = cells.proteins;
  const auto genes = static_cast<std::int32_t>(cells.rna.counts.genes);
  for (std::int32_t& tag : proteins.gene) tag += genes;
  CountMatrix counts = beside(cells.rna.counts, proteins);
  counts.genes = cells.rna.counts.genes + cells.proteins.genes;
  std::vector<std::string> names = profile.genes.symbol, types(names.size(), type_of(Modality::Rna));
  for (const std::string& tag : tags()) names.push_back(tag);
  types.resize(names.size(), type_of(Modality::Protein));
  const hdf5::Group matrix = hdf5::create_file(path).create_group("matrix");
  write_sparse_matrix(matrix, counts);
  matrix.create_list("shape", List::Int32)
      .append(std::vector<std::int32_t>{static_cast<std::int32_t>(counts.genes),
                                        static_cast<std::int32_t>(counts.cells())});
  matrix.create_list("barcodes", List::Text).append(cell_names(counts.cells()));
  const hdf5::Group features = matrix.create_group("features");
  features.create_list("id", List::Text).append(names);
  features.create_list("name", List::Text).append(names);
  features.create_list("feature_type", List::Text).append(types);
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fputs("usage: plkd_modality_files FOLDER\n", stderr);
    return 2;
  }
  try {
    const std::string folder = std::string(words[1]) + "/";
    const Profile profile = built_in_profile("pbmc");
    const Cells cells = simulated(profile, kCells, 1);
    write_h5mu(folder + "cells.h5mu", profile, cells);
    write_tenx(folder + "cells_10x.h5", profile, cells);
    write_model(model_of(profile, {Modality::Rna, Modality::Protein}), folder + "two.onnx");
    write_model(model_of(profile, {Modality::Rna, Modality::Protein, Modality::Chromatin}),
                folder + "three.onnx");
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

// What biologists know must come out of pattern scores: PBMC 3k, labelled, with thirteen Reactome sets as patterns.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "shared/explain/marker_patterns.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/trainer/small_reference.h"
#include "trainer/train.h"

namespace {

const std::string kShared = PLKD_SHARED;

// Sets of lymphocytes, monocytes and platelets, and others that are everybody's.
const std::set<std::string> kSets = {
    "ANTIGEN_ACTIVATES_B_CELL_RECEPTOR_BCR_LEADING_TO_GENERATION_OF_SECOND_MESSENGERS",
    "CELL_CYCLE_CHECKPOINTS",
    "CHEMOKINE_RECEPTORS_BIND_CHEMOKINES",
    "DAP12_INTERACTIONS",
    "EUKARYOTIC_TRANSLATION_ELONGATION",
    "GENERATION_OF_SECOND_MESSENGER_MOLECULES",
    "INTERFERON_GAMMA_SIGNALING",
    "INTERLEUKIN_10_SIGNALING",
    "MHC_CLASS_II_ANTIGEN_PRESENTATION",
    "PLATELET_AGGREGATION_PLUG_FORMATION",
    "RESPIRATORY_ELECTRON_TRANSPORT",
    "RESPONSE_TO_ELEVATED_PLATELET_CYTOSOLIC_CA2",
    "TCR_SIGNALING"};

void write_sets(const std::string& path) {
  std::ifstream all(kShared + "/resources/human_reactome_v2025.gmt");
  std::ofstream chosen(path);
  for (std::string line; std::getline(all, line);) {
    const std::string prefix = "REACTOME_";
    const std::string name = line.substr(prefix.size(), line.find('\t') - prefix.size());
    if (kSets.count(name) > 0) chosen << name << line.substr(line.find('\t')) << '\n';
  }
}

// Patterns that mark a type, best first.
std::vector<std::string> markers_of(const std::string& type, const plkd::Model& model,
                                    const plkd::Reference& reference) {
  plkd::CountMatrix expression = apply(align(reference.genes, model.genes), plkd::test::all_cells(reference).counts);
  plkd::log_normalise(expression, reference.library, model.recipe);
  const plkd::StudentOutput output =
      plkd::run_student(model.student, expression, plkd::StudentTask::LabelAndExplain);
  std::vector<std::string> names;
  for (const plkd::MarkerPattern& marker :
       plkd::marker_patterns(output.patterns, static_cast<std::int32_t>(model.patterns.size()),
                             reference.label, static_cast<std::int32_t>(model.classes.size()))) {
    if (model.classes[plkd::at(marker.group)].name == type)
      names.push_back(model.patterns[plkd::at(marker.pattern)].name);
  }
  return names;
}

bool is_among_first(const std::vector<std::string>& names, std::ptrdiff_t count, const std::string& wanted) {
  const auto end = names.begin() + std::min<std::ptrdiff_t>(count, static_cast<std::ptrdiff_t>(names.size()));
  return std::any_of(names.begin(), end, [&](const std::string& name) { return name.find(wanted) == 0; });
}

}  // namespace

TEST_CASE("with Reactome, B-cell receptor signalling marks B cells, DAP12 NK cells, platelet sets megakaryocytes",
          "[slow]") {
  // 20 s: trains on 2,638 cells. T cells are not asked for: Reactome's T-cell receptor sets hold the HLA class II
  // genes of the cells that present to them, and B cells and monocytes score higher on those.
  const std::string cells = kShared + "/data/pbmc_3k_10x.h5ad";
  if (!std::filesystem::exists(cells) || !std::filesystem::exists(kShared + "/resources")) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const plkd::test::ScratchFile gmt("known_biology_test.gmt");
  write_sets(gmt.path());
  plkd::ReferenceOptions where = plkd::test::options_for({cells});
  where.labels = "cell_type_harmonized";
  const plkd::Reference reference = plkd::load_reference(where, plkd::Verbosity::Quiet);
  plkd::TrainOptions options;
  options.card.name = "known biology";
  options.prepare.patterns.source = gmt.path();
  options.prepare.device = plkd::DeviceChoice::Cpu;
  const plkd::Model model = plkd::train(reference, options, plkd::Verbosity::Quiet).model;

  const std::vector<std::string> of_b = markers_of("B cell", model, reference);
  CAPTURE(of_b);
  CHECK(is_among_first(of_b, 1, "ANTIGEN_ACTIVATES_B_CELL_RECEPTOR"));
  const std::vector<std::string> of_nk = markers_of("NK cell", model, reference);
  CAPTURE(of_nk);
  CHECK(is_among_first(of_nk, 3, "DAP12_INTERACTIONS"));
  const std::vector<std::string> of_platelets = markers_of("Megakaryocyte", model, reference);
  CAPTURE(of_platelets);
  CHECK(is_among_first(of_platelets, 3, "PLATELET"));
}

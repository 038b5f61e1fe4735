// Models of several modalities as a user meets them: what is found is said, what is missing or set aside changes the calibration.

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include "shared/model/model.h"
#include "tests/support/files.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/hdf5_files.h"
#include "tests/support/random_model.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t kGenes = 30, kProteins = 5, kCells = 12;

// Standard output and standard error of a run that succeeds.
std::string said_by(const std::string& arguments) {
  FILE* const pipe = popen((std::string(PLKD_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> block{};
  for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;) output.append(block.data(), got);
  const int status = pclose(pipe);
  INFO(output);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  return output;
}

// Of RNA and proteins; it is surer of cells with both than of those with RNA alone.
void write_model_of_two(const std::string& path) {
  Model model = random_model_of_two(5, kGenes, kProteins);
  PartialCalibration partial{{Modality::Rna}, model.calibration, 0.75, 0.5};
  partial.calibration.temperature = 4;
  model.partial.push_back(partial);
  write_model(model, path);
}

void write_cells_with_proteins(const std::string& path) {
  std::mt19937_64 rng(6);
  write_h5ad(path, random_counts(rng, kCells, kGenes, 0.6), Encoding::Csr);
  const hdf5::Group root = hdf5::open_file_to_change(path);
  std::vector<float> counts;
  for (std::int64_t entry = 0; entry < kCells * kProteins; ++entry) counts.push_back(static_cast<float>(1 + rng() % 50));
  root.create_group("obsm").write_rows("protein_counts", counts, kProteins);
  write_texts(root.create_group("uns"), "protein_names", {"P0", "P1", "P2", "P3", "P4"});
}

}  // namespace

TEST_CASE("annotate says which modalities it uses, and is less sure without one", "[cli]") {
  const TemporaryFolder folder;
  const std::string model = folder / "two.onnx", cells = folder / "cells.h5ad";
  write_model_of_two(model);
  write_cells_with_proteins(cells);
  const auto annotated = [&](const std::string& more, const std::string& out) {
    return said_by("annotate --force --label-all --model " + model + " --cells " + cells + " --out " + (folder / out) + more);
  };
  const std::string both = annotated("", "both.csv");
  CHECK_THAT(both, Contains("uses RNA: 30 of 30 features") && Contains("uses proteins in 'obsm:protein_counts': 5 of 5 features"));
  const std::string rna = annotated(" --without adt --receipt " + (folder / "receipt.json"), "rna.csv");
  CHECK_THAT(rna,
             Contains("without proteins, as asked\n") && Contains("seen so: accuracy 0.750, macro F1 0.500"));
  CHECK(read_file(folder / "both.csv") != read_file(folder / "rna.csv"));
  CHECK_THAT(said_by("verify --model " + model + " --cells " + cells + " --receipt " + (folder / "receipt.json")),
             Contains("the same bit for bit"));
}

TEST_CASE("describe and verify know a model of several modalities", "[cli]") {
  const TemporaryFolder folder;
  const std::string model = folder / "two.onnx", cells = folder / "cells.h5ad";
  write_model_of_two(model);
  write_cells_with_proteins(cells);
  CHECK_THAT(said_by("describe " + model), Contains("takes        30 of RNA, 5 of proteins") && Contains("alone        RNA: accuracy 0.750"));
  CHECK_THAT(said_by("describe " + cells), Contains("proteins     5 in 'obsm:protein_counts'"));
  CHECK_THAT(said_by("verify --model " + model), Contains("verified"));
  CHECK_THAT(said_by("verify --model " + model + " --cells " + cells), Contains("verified"));
}

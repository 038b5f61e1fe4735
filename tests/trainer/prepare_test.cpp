#include "trainer/fit/prepare.h"

#include <catch2/catch.hpp>

#include "shared/preprocess/highly_variable.h"
#include "shared/preprocess/log_normalise.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

namespace {

constexpr std::int64_t kCells = 4500, kGenes = 80;  // two whole slices and a part

plkd::PrepareOptions some_genes(double memory_mb) {
  plkd::PrepareOptions options;
  options.genes = 50;
  options.memory_mb = memory_mb;
  return options;
}

}  // namespace

TEST_CASE("genes are chosen slice by slice as from all training cells at once", "[unit]") {
  const ScratchFile file("prepare_test.h5ad");
  write_cells(file.path(), typed_counts(kCells, kGenes, 1), numbered_genes(kGenes), {type_column(kCells)});
  const plkd::Reference reference = plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet);
  const plkd::Prepared prepared = plkd::prepare(reference, some_genes(0), plkd::Verbosity::Quiet);

  plkd::Cells train = plkd::select(all_cells(reference), prepared.split.train);
  plkd::log_normalise(train.counts, train.library, prepared.part.recipe);
  plkd::VarianceByLabel variance(kGenes, 3);
  variance.add(train.counts, train.label);
  plkd::HighlyVariableOptions wanted;
  wanted.genes = 50;
  const std::vector<std::int32_t> genes = variance.most_varying(wanted);
  REQUIRE(genes.size() == 50);
  CHECK(prepared.genes.symbol == plkd::select_genes(reference.genes, genes).symbol);

  const auto all = dense_of(all_cells(reference).counts);
  const plkd::Cells held_out = plkd::read(prepared.part.held_out);
  const auto kept = dense_of(held_out.counts);
  REQUIRE(kept.size() == prepared.split.held_out.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::size_t cell = plkd::at(prepared.split.held_out[i]);
    REQUIRE(held_out.library[i] == reference.library[cell]);
    REQUIRE(held_out.label[i] == reference.label[cell]);
    for (std::size_t g = 0; g < genes.size(); ++g) REQUIRE(kept[i][g] == all[cell][plkd::at(genes[g])]);
  }
}

TEST_CASE("counts that take more than half of the memory lie on disk and are the same", "[unit]") {
  const ScratchFile file("prepare_test.h5ad");
  write_cells(file.path(), typed_counts(kCells, kGenes, 1), numbered_genes(kGenes), {type_column(kCells)});
  const plkd::Reference reference = plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet);
  const auto with = [&](double mb) { return plkd::prepare(reference, some_genes(mb), plkd::Verbosity::Quiet); };
  const plkd::Prepared in_memory = with(0);
  const double counts_mb = static_cast<double>(in_memory.part.train.store->entries()) * 8 / (1 << 20);
  CHECK(in_memory.kept_in == plkd::KeptIn::Memory);
  CHECK(in_memory.counts_mb == Approx(counts_mb).epsilon(0.02));  // told from the training cells
  CHECK(with(2.1 * counts_mb).kept_in == plkd::KeptIn::Memory);
  const plkd::Prepared on_disk = with(1.9 * counts_mb);
  CHECK(on_disk.kept_in == plkd::KeptIn::Disk);
  const plkd::Cells here = plkd::read(in_memory.part.train), there = plkd::read(on_disk.part.train);
  CHECK(here.counts.gene == there.counts.gene);
  CHECK(here.counts.count == there.counts.count);
  CHECK(here.counts.row_begin == there.counts.row_begin);
}

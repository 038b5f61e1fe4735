#include "shared/simulate/simulate.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>
#include <set>

#include "shared/counts/h5ad.h"
#include "shared/simulate/estimate_profile.h"
#include "shared/simulate/sampling.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <typename Draw>
Moments moments_of(Draw draw) {
  constexpr int kDraws = 200000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = static_cast<double>(draw());
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

// Two types over three genes, far apart, no spread, no overdispersion.
Profile plain_profile() {
  Profile profile;
  profile.name = "plain";
  profile.sources = {"made up"};
  profile.genes = numbered_genes(3);
  profile.dispersion = {0, 0.5, 1};
  profile.library_spread = 0.25;
  profile.types = {{"T cell", "CL:0000084", 0.75, 1000, {8000, 1500, 500}},
                   {"B cell", "CL:0000236", 0.25, 500, {500, 1500, 8000}}};
  return profile;
}

// Two types over 60 genes, so many that no gene makes up the library: its spread is the cells' and not the gene's.
Profile wide_profile() {
  Profile profile = plain_profile();
  profile.genes = numbered_genes(60);
  profile.dispersion.assign(60, 0.2f);
  for (TypeProfile& type : profile.types) type.mean.assign(60, 100);
  for (std::size_t gene = 0; gene < 20; ++gene) profile.types[0].mean[gene] = 300;
  for (std::size_t gene = 20; gene < 40; ++gene) profile.types[1].mean[gene] = 300;
  return profile;
}

// A number that changes when any count does.
std::uint64_t digest(const CountMatrix& counts) {
  std::uint64_t hash = 1469598103934665603u;
  const auto add = [&hash](std::uint64_t value) { hash = (hash ^ value) * 1099511628211u; };
  for (const std::int64_t begin : counts.row_begin) add(static_cast<std::uint64_t>(begin));
  for (const std::int32_t gene : counts.gene) add(static_cast<std::uint64_t>(gene));
  for (const float count : counts.count) add(static_cast<std::uint64_t>(count));
  return hash;
}

}  // namespace

TEST_CASE("sampling has the moments of its distributions", "[property]") {
  std::mt19937_64 rng = sampling::generator(1, 0);
  const Moments uniform = moments_of([&] { return sampling::uniform(rng); });
  CHECK(uniform.mean == Approx(0.5).epsilon(0.01));
  CHECK(uniform.variance == Approx(1.0 / 12).epsilon(0.02));
  const Moments normal = moments_of([&] { return sampling::normal(rng); });
  CHECK(normal.mean == Approx(0).margin(0.01));
  CHECK(normal.variance == Approx(1).epsilon(0.02));
  for (const double shape : {0.3, 1.0, 7.5}) {
    const Moments gamma = moments_of([&] { return sampling::gamma(shape, rng); });
    CHECK(gamma.mean == Approx(shape).epsilon(0.02));
    CHECK(gamma.variance == Approx(shape).epsilon(0.04));
  }
  for (const double mean : {0.01, 1.0, 9.5, 60.0}) {
    const Moments poisson = moments_of([&] { return sampling::poisson(mean, rng); });
    CHECK(poisson.mean == Approx(mean).epsilon(0.05));
    CHECK(poisson.variance == Approx(mean).epsilon(0.05));
  }
}

TEST_CASE("Simulator draws the means, the dispersion and the shares of its profile", "[property]") {
  SimulateOptions options;
  options.batch_effect = options.batch_depth = options.dropout = options.blend = 0;
  Profile profile = plain_profile();
  profile.library_spread = 0;
  const SimulatedCells cells = Simulator(profile, options).cells(0, 20000);
  const std::vector<std::vector<float>> rows = dense_of(cells.counts);
  double t_cells = 0;
  std::vector<double> sum(3);
  std::vector<double> squares(3);
  for (std::size_t cell = 0; cell < rows.size(); ++cell) {
    if (cells.type[cell] != 0) continue;
    ++t_cells;
    for (std::size_t gene = 0; gene < 3; ++gene) {
      sum[gene] += rows[cell][gene];
      squares[gene] += rows[cell][gene] * static_cast<double>(rows[cell][gene]);
    }
  }
  CHECK(t_cells / 20000 == Approx(0.75).epsilon(0.02));
  const std::vector<double> expected = {800, 150, 50};
  for (std::size_t gene = 0; gene < 3; ++gene) {
    const double mean = sum[gene] / t_cells;
    const double variance = squares[gene] / t_cells - mean * mean;
    CHECK(mean == Approx(expected[gene]).epsilon(0.03));
    const double m = expected[gene];
    CHECK(variance == Approx(m + profile.dispersion[gene] * m * m).epsilon(0.08));
  }
}

TEST_CASE("dropout loses counts of weakly expressed genes and batches shift genes", "[unit]") {
  Profile profile = plain_profile();
  profile.types[0].mean = {9990, 10, 0};
  SimulateOptions options;
  options.batch_effect = options.blend = 0;
  options.dropout = 0;
  const auto cells_with_gene = [&](const SimulateOptions& chosen) {
    const SimulatedCells cells = Simulator(profile, chosen).cells(0, 4000);
    double with = 0;
    for (std::size_t k = 0; k < cells.counts.gene.size(); ++k) with += cells.counts.gene[k] == 1 ? 1 : 0;
    return with;
  };
  const double whole = cells_with_gene(options);
  options.dropout = 1;
  CHECK(cells_with_gene(options) < 0.9 * whole);

  options.batches = 2;
  options.batch_effect = 1;
  const SimulatedCells cells = Simulator(plain_profile(), options).cells(0, 2000);
  std::vector<double> share(2);
  for (std::size_t batch = 0; batch < 2; ++batch) {
    double all = 0;
    for (std::size_t cell = batch; cell < 2000; cell += 2) {
      REQUIRE(cells.batch[cell] == static_cast<std::int32_t>(batch));
      for (auto k = cells.counts.row_begin[cell]; k < cells.counts.row_begin[cell + 1]; ++k) {
        const auto entry = static_cast<std::size_t>(k);
        all += cells.counts.count[entry];
        if (cells.counts.gene[entry] == 0) share[batch] += cells.counts.count[entry];
      }
    }
    share[batch] /= all;
  }
  CHECK(std::abs(share[0] - share[1]) > 0.01);
}

TEST_CASE("a simulated cell depends on seed and number alone", "[property]") {
  const Profile profile = plain_profile();
  SimulateOptions options;
  options.batches = 3;
  const Simulator simulator(profile, options);
  const SimulatedCells all = simulator.cells(0, 100);
  const SimulatedCells part = simulator.cells(37, 61);
  std::vector<std::int64_t> chosen;
  for (std::int64_t cell = 37; cell < 61; ++cell) chosen.push_back(cell);
  CHECK(dense_of(part.counts) == dense_of(select_cells(all.counts, chosen)));
  CHECK(part.type == std::vector<std::int32_t>(all.type.begin() + 37, all.type.begin() + 61));
  options.seed = 2;
  CHECK(digest(Simulator(profile, options).cells(0, 100).counts) != digest(all.counts));
}

TEST_CASE("the same seed gives the same counts natively and in wasm", "[golden]") {
  SimulateOptions options;
  options.batches = 2;
  const Profile profile = built_in_profile("pbmc");
  CHECK(digest(Simulator(profile, options).cells(0, 200).counts) == 0x92fd5fbfd82c5fe3u);
}

TEST_CASE("simulate writes an h5ad with labels, ontology ids and batches", "[unit]") {
  const TemporaryFolder folder;
  SimulateOptions options;
  options.cells = 1203;
  options.batches = 2;
  std::vector<std::int64_t> seen;
  simulate(plain_profile(), options, folder / "sim.h5ad",
           [&](std::int64_t done, std::int64_t cells) {
             CHECK(cells == 1203);
             seen.push_back(done);
           });
  CHECK(seen == std::vector<std::int64_t>{1000, 1203});
  const auto reader = open_h5ad(folder / "sim.h5ad");
  CHECK(reader->cells() == 1203);
  CHECK(reader->column_names() == std::vector<std::string>{"cell_type", "cell_ontology_id", "batch"});
  CHECK(reader->column("cell_type").categories == std::vector<std::string>{"T cell", "B cell"});
  CHECK(reader->column("cell_type").code == reader->column("cell_ontology_id").code);
  CHECK(reader->column("batch").code[1202] == 0);
  CHECK(reader->column("batch").code[1201] == 1);
  const SimulatedCells drawn = Simulator(plain_profile(), options).cells(0, 1203);
  CHECK(reader->read(0, 1203).count == drawn.counts.count);
  CHECK(reader->column("cell_type").code == drawn.type);
}

TEST_CASE("further genes leave those of the profile as they were", "[unit]") {
  const Profile profile = plain_profile();
  SimulateOptions options;
  const CountMatrix narrow = Simulator(profile, options).cells(0, 50).counts;
  options.genes = 2000;
  options.further_seen = 0.1;
  const Simulator simulator(profile, options);
  CHECK(simulator.genes().size() == 2000);
  CHECK(simulator.genes().symbol.back() == "further2000");
  const CountMatrix wide = simulator.cells(0, 50).counts;
  CHECK(wide.genes == 2000);
  validate(wide, "wide");
  std::int64_t further = 0;
  for (std::size_t cell = 0; cell < 50; ++cell) {
    auto entry = static_cast<std::size_t>(wide.row_begin[cell]);
    for (auto own = static_cast<std::size_t>(narrow.row_begin[cell]); own < static_cast<std::size_t>(narrow.row_begin[cell + 1]); ++own, ++entry) {
      CHECK(wide.gene[entry] == narrow.gene[own]);
      CHECK(wide.count[entry] == narrow.count[own]);
    }
    further += wide.row_begin[cell + 1] - static_cast<std::int64_t>(entry);
  }
  CHECK(static_cast<double>(further) / 50 == Approx(199.7).epsilon(0.03));  // 1,997 genes, each in a tenth of the cells
}

TEST_CASE("counts that were not compressed are the same", "[unit]") {
  const TemporaryFolder folder;
  SimulateOptions options;
  options.cells = 40;
  simulate(plain_profile(), options, folder / "packed.h5ad");
  options.compression = 0;
  simulate(plain_profile(), options, folder / "plain.h5ad");
  CHECK(open_h5ad(folder / "plain.h5ad")->read(0, 40).count == open_h5ad(folder / "packed.h5ad")->read(0, 40).count);
}

TEST_CASE("simulate refuses options that make no sense", "[unit]") {
  const Profile profile = plain_profile();
  SimulateOptions options;
  options.cells = 0;
  CHECK_THAT(error_of([&] { simulate(profile, options, "never.h5ad"); }), Contains("0 cells"));
  options.cells = 1;
  options.batches = 0;
  CHECK_THAT(error_of([&] { simulate(profile, options, "never.h5ad"); }), Contains("0 batches"));
  options.batches = 1;
  options.genes = 2;
  CHECK_THAT(error_of([&] { simulate(profile, options, "never.h5ad"); }), Contains("2 genes: the profile has 3"));
}

TEST_CASE("estimate_profile recovers the profile that cells were simulated from", "[property]") {
  const Profile truth = wide_profile();
  SimulateOptions options;
  options.batch_effect = options.batch_depth = options.dropout = options.blend = 0;
  const SimulatedCells cells = Simulator(truth, options).cells(0, 12000);
  MemoryReader reader(cells.counts, truth.genes);
  CellColumn labels{"type", {"T cell", "B cell", "none"}, cells.type};
  labels.code[0] = -1;
  CellColumn ontology{"cell_ontology_id", {"CL:0000084", "CL:0000236"}, cells.type};
  reader.columns = {ontology};
  const Profile estimate = estimate_profile(reader, labels);
  REQUIRE(estimate.types.size() == 2);
  CHECK(estimate.genes.symbol == truth.genes.symbol);
  CHECK(estimate.library_spread == Approx(truth.library_spread).epsilon(0.1));  // counting noise adds a little
  for (std::size_t type = 0; type < 2; ++type) {
    CHECK(estimate.types[type].name == truth.types[type].name);
    CHECK(estimate.types[type].ontology_id == truth.types[type].ontology_id);
    CHECK(estimate.types[type].proportion == Approx(truth.types[type].proportion).epsilon(0.05));
    CHECK(estimate.types[type].library_size == Approx(truth.types[type].library_size).epsilon(0.03));
    CHECK(std::accumulate(estimate.types[type].mean.begin(), estimate.types[type].mean.end(), 0.0) == Approx(1e4));
  }
  for (std::size_t gene = 0; gene < 60; ++gene) {
    CHECK(estimate.dispersion[gene] == Approx(0.2).epsilon(0.15));
    CHECK(estimate.types[0].mean[gene] == Approx(truth.types[0].mean[gene]).epsilon(0.05));
    CHECK(estimate.types[1].mean[gene] == Approx(truth.types[1].mean[gene]).epsilon(0.05));
  }
}

TEST_CASE("add_types joins the genes both profiles have and scales them again", "[unit]") {
  const Profile first = plain_profile();
  Profile second = plain_profile();
  second.genes.symbol = {"G2", "G0", "other"};
  second.types = {{"B cell", "", 0.9, 100, {0, 0, 10000}}, {"NK cell", "CL:0000623", 0.1, 1000, {3000, 1000, 6000}}};
  const Profile joined = add_types(first, second);
  CHECK(joined.genes.symbol == std::vector<std::string>{"G0", "G2"});
  REQUIRE(joined.types.size() == 3);
  CHECK(joined.types[1].mean == std::vector<float>{static_cast<float>(500 * 1e4 / 8500), static_cast<float>(8000 * 1e4 / 8500)});
  CHECK(joined.types[2].name == "NK cell");
  CHECK(joined.types[2].mean == std::vector<float>{2500, 7500});
  CHECK(joined.types[2].library_size == Approx(400));
  CHECK(joined.types[2].proportion == Approx(0.02 / 1.02));
  Profile strange = plain_profile();
  strange.genes.symbol = {"x", "y", "z"};
  CHECK_THAT(error_of([&] { add_types(first, strange); }), Contains("share no gene"));
}

TEST_CASE("keep_genes keeps expressed genes and genes that differ between types", "[unit]") {
  Profile profile = plain_profile();
  profile.genes = numbered_genes(4);
  profile.dispersion = {0, 0, 0, 0};
  profile.types[0].mean = {9000, 990, 10, 0};
  profile.types[1].mean = {9000, 999, 1, 0};
  CHECK(keep_genes(profile, 2).genes.symbol == std::vector<std::string>{"G0", "G2"});
  CHECK(keep_genes(profile, 9).genes.symbol == std::vector<std::string>{"G0", "G1", "G2"});
}

TEST_CASE("a profile survives being written and read", "[unit]") {
  const TemporaryFolder folder;
  const Profile profile = plain_profile();
  write_profile(profile, folder / "plain.tsv");
  const Profile read = find_profile(folder / "plain.tsv");
  CHECK(format_profile(read) == format_profile(profile));
  CHECK(read.types[1].mean == profile.types[1].mean);
  CHECK(read.sources == profile.sources);
}

TEST_CASE("read_profile names the line that is wrong", "[unit]") {
  const std::string good = format_profile(plain_profile());
  const auto error = [](const std::string& text) { return error_of([&] { parse_profile(text, "p.tsv"); }); };
  CHECK_THAT(error("gene\tx\n"), Contains("p.tsv:1: no profile"));
  CHECK_THAT(error(good + "G9\t1\n"), Contains("p.tsv:11: 2 fields where 4 are expected"));
  CHECK_THAT(error(good + "G9\t1\t-1\t2\n"), Contains("p.tsv:11: '-1' is no amount"));
  CHECK_THAT(error(good + "G9\t1\tnan\t2\n"), Contains("'nan' is no amount"));
  CHECK_THAT(error("# plkd profile 1\n"), Contains("no genes"));
  CHECK_THAT(error_of([] { find_profile("none.tsv"); }), Contains("none.tsv"));
  CHECK_THAT(error_of([] { find_profile("liver"); }), Contains("no profile 'liver'") && Contains("'pbmc'"));
}

TEST_CASE("the built-in profile of blood knows its markers", "[golden]") {
  const Profile pbmc = built_in_profile("pbmc");
  CHECK(pbmc.types.size() == 9);
  CHECK(pbmc.genes.size() == 2000);
  CHECK(std::set<std::string>(pbmc.genes.symbol.begin(), pbmc.genes.symbol.end()).size() == 2000);
  const auto highest_in = [&](const std::string& symbol) {
    const auto gene = static_cast<std::size_t>(
        std::find(pbmc.genes.symbol.begin(), pbmc.genes.symbol.end(), symbol) - pbmc.genes.symbol.begin());
    REQUIRE(gene < pbmc.genes.symbol.size());
    const auto higher = [gene](const TypeProfile& a, const TypeProfile& b) { return a.mean[gene] < b.mean[gene]; };
    return std::max_element(pbmc.types.begin(), pbmc.types.end(), higher)->name;
  };
  CHECK(highest_in("MS4A1") == "B cell");
  CHECK(highest_in("CD8B") == "CD8 T cell");
  CHECK(highest_in("IL7R") == "CD4 T cell");
  CHECK(highest_in("GNLY") == "NK cell");
  CHECK(highest_in("CD14") == "CD14 monocyte");
  CHECK(highest_in("FCGR3A") == "CD16 monocyte");
  CHECK(highest_in("PPBP") == "Megakaryocyte");
  CHECK(highest_in("FCER1A") == "Dendritic cell");
  CHECK(highest_in("CD34") == "HSPC");
  for (const TypeProfile& type : pbmc.types) {
    CAPTURE(type.name);
    CHECK(type.ontology_id.substr(0, 3) == "CL:");
    CHECK(type.library_size > 500);
    CHECK(std::accumulate(type.mean.begin(), type.mean.end(), 0.0) == Approx(1e4).epsilon(0.005));
  }
}

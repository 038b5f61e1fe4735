#include "shared/simulate/simulate.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "shared/cli/progress.h"
#include "shared/cli/verbs.h"
#include "shared/simulate/profile.h"

namespace plkd {

namespace {

struct Options {
  std::string profile = "pbmc";
  SimulateOptions simulate;
  std::string out;
  bool quiet = false;
};

void run(const Options& options) {
  Progress progress("simulate", options.simulate.cells, options.quiet ? Verbosity::Quiet : Verbosity::Normal);
  simulate(find_profile(options.profile), options.simulate, options.out,
           [&](std::int64_t done, std::int64_t) { progress.set(done); });
  progress.finish("written to " + options.out);
}

}  // namespace

void add_simulate(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("simulate", "make labelled cells with the expression of real cell types");
  const auto options = std::make_shared<Options>();
  verb->add_option("--profile", options->profile, "pbmc, or a profile's .tsv")->capture_default_str();
  verb->add_option("--cells", options->simulate.cells, "cells")->capture_default_str();
  verb->add_option("--batches", options->simulate.batches, "batches, each shifted its own way")->capture_default_str();
  verb->add_option("--seed", options->simulate.seed, "the same seed gives the same cells")->capture_default_str();
  verb->add_option("--genes", options->simulate.genes, "genes in all; those beyond the profile's tell nothing about the type (0: none)")
      ->capture_default_str();
  verb->add_option("--further-seen", options->simulate.further_seen, "share of cells that have one of these further genes, once")
      ->capture_default_str();
  verb->add_option("--compression", options->simulate.compression, "of zlib, 0 (none) to 9")->capture_default_str();
  verb->add_option("--out", options->out, "file to write (.h5ad)")->required();
  verb->add_flag("--quiet", options->quiet, "print errors only");
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

#include "shared/simulate/profile.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "shared/cli/select_cells.h"
#include "shared/cli/verbs.h"
#include "shared/counts/open_counts.h"
#include "shared/simulate/estimate_profile.h"

namespace plkd {

namespace {

struct Options {
  std::vector<std::string> cells;
  std::string labels;
  std::vector<std::string> where;
  std::vector<std::string> drop;
  std::vector<std::string> sources;
  std::string name = "profile";
  std::int64_t genes = 2000;
  std::string out;
};

Profile profile_of(const std::string& path, const Options& options) {
  const std::unique_ptr<CountsReader> reader = open_counts(path);
  CellColumn labels = reader->column(options.labels);
  std::vector<std::int32_t> chosen(labels.code.size(), -1);
  for (const std::int64_t cell : cells_where(*reader, options.where, options.drop))
    chosen[static_cast<std::size_t>(cell)] = labels.code[static_cast<std::size_t>(cell)];
  labels.code = std::move(chosen);
  EstimateProfileOptions estimate;
  estimate.genes = 0;  // all, so that several references can be joined before genes are chosen
  return estimate_profile(*reader, labels, estimate);
}

void run(const Options& options) {
  Profile profile = profile_of(options.cells.front(), options);
  for (std::size_t more = 1; more < options.cells.size(); ++more)
    profile = add_types(profile, profile_of(options.cells[more], options));
  profile = keep_genes(profile, options.genes);
  profile.name = options.name;
  profile.sources = options.sources;
  write_profile(profile, options.out);
}

}  // namespace

void add_profile(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("profile", "estimate from labelled cells what plkd simulate draws from");
  const auto options = std::make_shared<Options>();
  verb->add_option("--cells", options->cells, "labelled cells (.h5ad); a later file adds the types the first ones lack")->required();
  verb->add_option("--labels", options->labels, "column of the cells' table with the types")->required();
  verb->add_option("--where", options->where, "COLUMN=VALUE: only these cells; may be repeated");
  verb->add_option("--drop", options->drop, "COLUMN=VALUE: without these cells; may be repeated");
  verb->add_option("--genes", options->genes, "genes to keep")->capture_default_str();
  verb->add_option("--name", options->name, "name of the profile")->capture_default_str();
  verb->add_option("--source", options->sources, "where the cells come from, one sentence; may be repeated");
  verb->add_option("--out", options->out, "file to write (.tsv)")->required();
  verb->callback([options] { run(*options); });
}

}  // namespace plkd

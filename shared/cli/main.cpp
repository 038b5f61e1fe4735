// plkd: annotates, evaluates, explains, describes, verifies and simulates. Training and its benchmarks need LibTorch and are programs of
// their own, plkd-train and plkd-bench, started in this one's place, as git does with its verbs: so annotating never loads torch.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "shared/cli/program.h"
#include "shared/cli/verbs.h"

namespace {

int run_instead(const std::string& name, char** argv) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
  execv(program.c_str(), argv + 1);
  std::fprintf(stderr, "plkd: %s cannot be started (%s); build it with PLKD_WITH_TRAINER=ON\n", program.c_str(),
               std::strerror(errno));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "train" || verb == "bench") return run_instead("plkd-" + verb, argv);

  CLI::App app("Cell-type annotation with small models that travel as one file. Train one with: plkd train --help", "plkd");
  app.set_version_flag("--version", "plkd " PLKD_VERSION);
  app.require_subcommand(1);
  plkd::add_annotate(app);
  plkd::add_evaluate(app);
  plkd::add_explain(app);
  plkd::add_describe(app);
  plkd::add_verify(app);
  plkd::add_simulate(app);
  plkd::add_profile(app);
  return plkd::run_program(app, argc, argv);
}

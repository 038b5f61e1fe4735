// plkd-bench: the program behind `plkd bench`. It trains, and so is a program of its own as plkd-train is.

#include <CLI/CLI.hpp>

#include "shared/cli/program.h"
#include "trainer/bench/verbs.h"
#include "trainer/process.h"

int main(int argc, char** argv) {
  plkd::prepare_process(argv);
  CLI::App app("Measures what the method is worth, on your cells.", "plkd bench");
  app.require_subcommand(1);
  plkd::add_training(app);
  plkd::add_noise(app);
  return plkd::run_program(app, argc, argv);
}

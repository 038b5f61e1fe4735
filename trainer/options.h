#pragma once

#include <string>

#include "trainer/data/reference.h"
#include "trainer/train.h"

namespace CLI {
class App;
}

namespace plkd {

// What `plkd train` is told.
struct CommandLine {
  ReferenceOptions reference;
  TrainOptions train;
  std::string out;
  std::string json;
  bool quiet = false;
};

// Which cells and which genes and patterns, for programs that train otherwise.
void declare_reference(CLI::App& app, ReferenceOptions& options);
void declare_patterns(CLI::App& app, PrepareOptions& options);

// Declares all options; they are filled in when the program parses its arguments.
void declare(CLI::App& app, CommandLine& command_line);

}  // namespace plkd

#pragma once


namespace CLI {
class App;
}

namespace plkd {

// Parses the arguments, which runs the chosen verb, and turns what is thrown into one line on standard error and an exit
// code: 0 done, 1 bad input, 2 wrong usage.
int run_program(CLI::App& app, int argc, char** argv);

}  // namespace plkd

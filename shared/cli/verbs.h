#pragma once

namespace CLI {
class App;
}

namespace plkd {

// One verb a file: each adds itself to the program with its options. To add one: 1. write shared/cli/<verb>.cpp with
// add_<verb>, 2. declare it here, 3. call it in main.cpp, 4. name it in README.md.
void add_annotate(CLI::App& app);
void add_describe(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_explain(CLI::App& app);
void add_profile(CLI::App& app);
void add_simulate(CLI::App& app);
void add_verify(CLI::App& app);

}  // namespace plkd

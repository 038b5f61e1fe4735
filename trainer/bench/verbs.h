#pragma once

namespace CLI {
class App;
}

namespace plkd {

// The verbs of `plkd bench`. To add one: 1. a file here with its options, its run and its add_, 2. a line
// here, 3. a line in main.cpp.
void add_training(CLI::App& app);
void add_noise(CLI::App& app);

}  // namespace plkd

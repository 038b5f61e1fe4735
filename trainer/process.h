#pragma once

namespace plkd {

// What a program that trains asks of the system before anything else. May start the program anew.
void prepare_process(char** argv);

}  // namespace plkd

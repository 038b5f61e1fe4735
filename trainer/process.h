#pragma once

namespace plkd {

// What a program that trains asks of the system before anything else. May start the program anew.
void prepare_process(char** argv);

// So many threads for LibTorch and for the kernels of our own; 0: one for each physical core.
void use_threads(int threads);

}  // namespace plkd

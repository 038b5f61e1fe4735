#pragma once

// All of LibTorch, which takes 20 s to compile: it is the trainer's precompiled header, and only headers that
// declare layers, losses or tensors include it.
#include <torch/torch.h>

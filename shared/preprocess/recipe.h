#pragma once

namespace plkd {

// How counts become the Student's input. Fit is data, apply is code: the recipe travels in the model file and
// `prepare` has no other knobs.
struct PreprocessRecipe {
  // Library size every cell is scaled to before log(1 + x).
  float target_sum = 1e4f;
};

}  // namespace plkd

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "shared/model/model.h"
#include "trainer/data/choose_patterns.h"
#include "trainer/data/reference.h"
#include "trainer/fit/distil.h"
#include "trainer/fit/fit_teacher.h"

namespace plkd {

enum class DeviceChoice { Auto, Cpu, Cuda };

struct TrainOptions {
  // Genes the model looks at, those that vary most between the labels.
  std::int64_t genes = 3000;
  ChoosePatternsOptions patterns;  // their seed is the training's
  // Cell Ontology (.obo) to fall back along; empty: cells are of a type or unknown.
  std::string ontology;
  std::uint64_t seed = 1;
  DeviceChoice device = DeviceChoice::Auto;
  int threads = 0;  // 0: one for each physical core, as LibTorch counts them
  FitTeacherOptions teacher;
  DistilOptions student;     // a teacher_share of 0 trains a Student alone, for comparison
  std::string warm_start;    // a saved Teacher to start from; empty: from chance
  std::string save_teacher;  // where to save the trained Teacher; empty: nowhere
  ModelCard card;
};

struct TrainedModel {
  Model model;
  std::vector<std::int64_t> held_out;  // cells of the reference, ascending
  std::vector<float> logits;           // [held-out cells x classes], of the trained network
  nlohmann::json report;               // what was done and how well each step went, for --json
};

// Throws WrongUsage for options that do not fit each other.
void check(const TrainOptions& options);

// The whole way from labelled cells to a model: split, genes, patterns, Teacher, Student, calibration,
// scores. The same reference, options, threads and machine give the same model to the byte.
TrainedModel train(const Reference& reference, const TrainOptions& options, Verbosity verbosity);

}  // namespace plkd

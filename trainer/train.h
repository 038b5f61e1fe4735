#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "shared/model/model.h"
#include "trainer/data/reference.h"

namespace plkd {

enum class DeviceChoice { Auto, Cpu, Cuda };

struct TrainOptions {
  // Genes the model looks at, those that vary most between the labels.
  std::int64_t genes = 3000;
  // "learned" for co-expression modules of the reference, or a GMT file.
  std::string patterns = "learned";
  // Cell Ontology (.obo) to fall back along; empty: cells are of a type or unknown.
  std::string ontology;
  std::uint64_t seed = 1;
  DeviceChoice device = DeviceChoice::Auto;
  int threads = 0;  // 0: one for each physical core, as LibTorch counts them
  // Share of the Teacher in the Student's loss; 0 trains a Student alone, for comparison.
  double teacher_share = 0.9;
  ModelCard card;
};

struct TrainedModel {
  Model model;
  std::vector<std::int64_t> held_out;  // cells of the reference, ascending
  std::vector<float> logits;           // [held-out cells x classes], of the trained network
  nlohmann::json report;               // what was done and how well each step went, for --json
};

// The whole way from labelled cells to a model: split, genes, patterns, Teacher, Student, calibration,
// scores. The same reference, options, threads and machine give the same model to the byte.
TrainedModel train(const Reference& reference, const TrainOptions& options, Verbosity verbosity);

}  // namespace plkd

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "shared/cli/progress.h"
#include "shared/model/model.h"
#include "shared/model/onnx.h"
#include "shared/model/teacher_file.h"
#include "trainer/data/reference.h"
#include "trainer/fit/distil.h"
#include "trainer/fit/fit_teacher.h"
#include "trainer/fit/prepare.h"

namespace plkd {

// Cells that the networks of the model file have learnt from. AllCells: scores and calibration are measured
// on cells held out, then linear teachers and Student are fitted once more, to all cells; rare types have
// none to spare.
enum class FinalFit { AllCells, TrainingCells };

struct TrainOptions {
  PrepareOptions prepare;
  // Cell Ontology (.obo) to fall back along; empty: cells are of a type or unknown.
  std::string ontology;
  // Tables of ids, aliases and orthologues for the model's genes: see shared/genes/gene_table.h.
  std::vector<std::string> gene_tables;
  int threads = 0;  // 0: one for each physical core, as LibTorch counts them
  FitTeacherOptions teacher;
  CommitteeOptions committee;
  DistilOptions student;  // a teacher_share of 0 trains a Student alone, for comparison
  FinalFit final_fit = FinalFit::AllCells;
  // File that keeps the unfinished training, so that the same call goes on after a kill; empty: none.
  std::string checkpoint;
  double checkpoint_every_s = 30;
  // The command line's options that decide what is trained: a checkpoint of others is refused.
  std::string as_told;
  std::string warm_start;                 // a saved Teacher to start from; empty: from chance
  std::string save_teacher;               // where to save the trained Teacher; empty: nowhere
  std::string teacher_out;                // where to export it for the page; empty: nowhere
  std::vector<std::string> as_published;  // parts of --reference-mode in use, for the model's provenance
  ModelCard card;
};

struct ExportedTeacher {
  onnx::Graph graph;
  TeacherExample example;
};

struct TrainedModel {
  Model model;
  std::vector<std::int64_t> held_out;  // cells of the reference, ascending
  std::vector<float> logits;           // [held-out cells x classes], of the network in the file
  std::optional<ExportedTeacher> teacher;  // when it is to be written
  nlohmann::json report;               // what was done and how well each step went, for --json
};

// Throws WrongUsage for options that do not fit each other.
void check(const TrainOptions& options);

// The whole way from labelled cells to a model: split, genes, patterns, Teacher, Student, calibration,
// scores. The same reference, options, threads and machine give the same model to the byte, interrupted or not.
TrainedModel train(const Reference& reference, const TrainOptions& options, Verbosity verbosity);

}  // namespace plkd

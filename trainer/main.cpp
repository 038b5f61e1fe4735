// plkd-train: the program behind `plkd train`. A program of its own, so that annotating never loads LibTorch.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "shared/cli/program.h"
#include "shared/cli/write_file.h"
#include "shared/digest.h"
#include "shared/error.h"
#include "shared/model/model.h"
#include "shared/model/teacher_file.h"
#include "trainer/export/check_export.h"
#include "trainer/options.h"
#include "trainer/process.h"
#include "trainer/train.h"

namespace {

using plkd::CommandLine;
using plkd::Error;
using plkd::ErrorKind;

// Minutes of training are lost if the file cannot be written at the end.
void require_writable(const std::string& path) {
  const bool existed = std::filesystem::exists(path);
  const bool is_writable = std::ofstream(path, std::ios::binary | std::ios::app).good();
  if (!is_writable) {
    throw Error(ErrorKind::BadInput, path + ": cannot be written",
                "check that the folder exists and is yours");
  }
  if (!existed) std::filesystem::remove(path);
}

// Written beside its place and moved there when it has passed its check, so a model that is there is a good
// one.
plkd::ExportCheck write_checked(const plkd::TrainedModel& trained, const plkd::Reference& reference,
                                const CommandLine& command_line, plkd::Verbosity verbosity) {
  const std::string unchecked = command_line.out + ".unchecked";
  std::vector<plkd::Origin> held_out;
  for (const std::int64_t cell : trained.held_out) held_out.push_back(reference.origin[plkd::at(cell)]);
  try {
    plkd::write_model(trained.model, unchecked);
    const plkd::ExportCheck check =
        plkd::check_export(unchecked, command_line.reference, held_out, trained.logits, verbosity);
    std::filesystem::rename(unchecked, command_line.out);
    return check;
  } catch (...) {
    std::filesystem::remove(unchecked);
    throw;
  }
}

// It belongs to the model's file as it is on disk.
void write_teacher(const plkd::TrainedModel& trained, const std::string& path) {
  plkd::Digest digest;
  digest.add(plkd::encode_model(trained.model));
  const plkd::ExportedTeacher& teacher = *trained.teacher;
  plkd::write_file(path, plkd::encode_teacher(teacher.graph, trained.model, digest.hex(), teacher.example));
}

// The options that decide what is trained, a line each: all but where things are written and how often.
std::string decisive_options(const CLI::App& app) {
  std::istringstream all(app.config_to_str(true, false));
  std::string decisive;
  for (std::string line; std::getline(all, line);) {
    const std::string name = line.substr(0, line.find('='));
    const bool is_decisive = name != "out" && name != "json" && name != "quiet" && name != "checkpoint" &&
                             name != "checkpoint-every" && name != "save-teacher" && name != "teacher-out" && name != "memory";
    if (is_decisive) decisive += line + "\n";
  }
  return decisive;
}

void run(CommandLine command_line) {
  const plkd::Verbosity verbosity = command_line.quiet ? plkd::Verbosity::Quiet : plkd::Verbosity::Normal;
  plkd::check(command_line.train);
  const plkd::TrainOptions& options = command_line.train;
  for (const std::string& path :
       {command_line.out, command_line.json, options.save_teacher, options.teacher_out, options.checkpoint}) {
    if (!path.empty()) require_writable(path);
  }
  const std::filesystem::path folder = std::filesystem::path(command_line.out).parent_path();
  if (!folder.empty()) command_line.train.prepare.folder = folder.string();
  if (command_line.train.card.name.empty()) {
    command_line.train.card.name = std::filesystem::path(command_line.out).stem().string();
  }

  const plkd::Reference reference = plkd::load_reference(command_line.reference, verbosity);
  if (!command_line.quiet) {
    for (const std::string& note : reference.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  plkd::TrainedModel trained = plkd::train(reference, command_line.train, verbosity);
  const plkd::ExportCheck check = write_checked(trained, reference, command_line, verbosity);
  if (trained.teacher) write_teacher(trained, options.teacher_out);
  trained.report["check"] = {{"cells", check.cells}, {"largest_logit_difference", check.largest_difference}};
  trained.report["model"] = command_line.out;
  if (!options.checkpoint.empty()) std::filesystem::remove(options.checkpoint);
  if (!command_line.json.empty()) plkd::write_file(command_line.json, trained.report.dump(2) + "\n");
  if (!command_line.quiet) std::printf("%s\n%s\n", command_line.out.c_str(), describe(trained.model).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  plkd::prepare_process(argv);
  CLI::App app("Trains a model on labelled cells: a pattern Transformer, distilled into a small network.",
               "plkd train");
  CommandLine command_line;
  plkd::declare(app, command_line);
  app.callback([&] {
    command_line.train.as_told = decisive_options(app);
    run(command_line);
  });
  return plkd::run_program(app, argc, argv);
}

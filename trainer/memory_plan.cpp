#include "trainer/memory_plan.h"

#include <algorithm>
#include <cmath>

#include "trainer/fit/calibrate_student.h"
#include "trainer/memory.h"
#include "trainer/teacher/fused_block.h"
#include "trainer/train.h"

namespace plkd {
namespace {

double mb_of_floats(double count) { return count * 4 / kMegabyte; }

std::string rounded(double mb) { return std::to_string(std::lround(mb)); }

double most_of(const std::vector<MemoryPlan::Part>& parts) {
  double most = 0;
  for (const MemoryPlan::Part& part : parts) most = std::max(most, part.mb);
  return most;
}

}  // namespace

double MemoryPlan::most_mb() const {
  double all = 0;
  for (const Part& part : held) all += part.mb;
  return std::max(so_far_mb, all + most_of(phases));
}

MemoryPlan plan_memory(const Prepared& prepared, const TrainOptions& options) {
  const TrainingPart& part = prepared.part;
  const TeacherOptions& network = options.teacher.network;
  const auto genes = static_cast<double>(part.train.genes()), embed = static_cast<double>(network.embed),
             tokens = static_cast<double>(prepared.patterns.size()) + 2, blocks = static_cast<double>(network.blocks),
             heads = static_cast<double>(network.heads), classes = static_cast<double>(part.classes);
  double pairs = 0;
  for (const Pattern& pattern : prepared.patterns) pairs += static_cast<double>(pattern.genes.size());
  const bool is_published = network.layout == TokenLayout::AsPublished;
  const double of_layer = is_published ? 3 * tokens * embed * genes : (pairs + genes) * embed;
  const double weights = of_layer + blocks * 12 * embed * embed;
  const auto spread_out = [&](const StoredCells& cells) {
    return static_cast<double>(std::min(cells.size(), kTypicalCells)) * genes;
  };

  MemoryPlan plan;
  plan.so_far_mb = peak_memory_mb();
  const bool is_on_disk = prepared.kept_in == KeptIn::Disk;
  const double counts_mb = static_cast<double>(part.train.store->entries()) * 8 / kMegabyte;
  plan.on_disk_mb = is_on_disk ? counts_mb : 0;
  plan.held = {{"the program, genes and what reading them left", memory_in_use_mb()},
               // OpenBLAS's buffers and the code that a first step brings in: seen 17 to 50.
               {"LibTorch at work", 64},
               {"counts of all cells over the chosen genes", is_on_disk ? 0 : counts_mb},
               {"held-out cells, spread out", mb_of_floats(2 * spread_out(part.held_out))},
               // Itself, gradient, two of the optimiser, average, best, and a copy while they are compared or kept.
               {"the Teacher's weights", mb_of_floats(9 * weights)}};

  // Of a batch's tokens: the token layer and its gradient hold 10 times as much, a fused block 14 times, and LibTorch's
  // own layers 45 times and what every head attends to.
  const bool is_fused = !is_published && network.drop_path == 0 &&
                        can_fuse_block(torch::zeros({1, 1, network.embed}), network.heads);
  const auto batch = static_cast<double>(options.teacher.loop.batch);
  double step = batch * tokens * embed * (10 + blocks * (is_fused ? 14 : 45));
  if (!is_fused) step += blocks * batch * heads * tokens * tokens * 2;
  step += batch * (1.34 * pairs * 2 + genes * 6);
  // Asked what it looks at: attention of all but the last block, heads apart, their mean and the flow.
  const double asked = 128 * tokens * tokens * ((blocks - 1) * heads + 4) + 128 * tokens * embed * 16;
  // Twice: spread out, and scaled.
  const double spread = 2 * spread_out(part.train);
  double width = genes, student_weights = 0;
  for (const std::int64_t next : options.student.network.widths) {
    student_weights += width * static_cast<double>(next);
    width = static_cast<double>(next);
  }
  const double small_step = static_cast<double>(options.student.loop.batch) * genes * 12;
  if (options.student.teacher_share > 0) {
    plan.phases = {{"a step of the Teacher", mb_of_floats(step)},
                   {"cells spread out to measure genes by, and the Teacher asked about them",
                    mb_of_floats(spread + asked)}};
  }
  plan.phases.push_back({"a step of the Student", mb_of_floats(9 * student_weights + asked + small_step)});
  plan.phases.push_back({"the map, cells spread out",
                         mb_of_floats(spread + spread_out(part.train) / genes * 4 * width)});
  // Two tables of floats and two of doubles of what the Student says, and of each panel of genes once more.
  const auto learnt = static_cast<double>(std::min(part.train.size() + part.held_out.size(), kCellsForNovelty));
  const double tried = 32 * static_cast<double>(std::min(part.held_out.size(), kTypicalCells));
  plan.phases.push_back({"calibration", mb_of_floats((6 * learnt + 2 * tried) * (width + classes))});
  // Freed blocks of other sizes are not always found again.
  for (MemoryPlan::Part& phase : plan.phases) phase.mb *= 1.15;
  return plan;
}

std::string describe(const MemoryPlan& plan) {
  std::string text = "memory in MB:";
  for (const MemoryPlan::Part& part : plan.held) text += " " + part.what + " " + rounded(part.mb) + ";";
  text += " and one after the other:";
  for (const MemoryPlan::Part& part : plan.phases) text += " " + part.what + " " + rounded(part.mb) + ";";
  text += " at most " + rounded(plan.most_mb());
  if (plan.on_disk_mb > 0) text += "; and counts of " + rounded(plan.on_disk_mb) + " on disk";
  return text;
}

nlohmann::json to_json(const MemoryPlan& plan) {
  nlohmann::json json = {{"so_far", plan.so_far_mb}, {"on_disk", plan.on_disk_mb},
                         {"held", nlohmann::json::object()}, {"phases", nlohmann::json::object()}};
  for (const MemoryPlan::Part& part : plan.held) json["held"][part.what] = part.mb;
  for (const MemoryPlan::Part& part : plan.phases) json["phases"][part.what] = part.mb;
  return json;
}

}  // namespace plkd

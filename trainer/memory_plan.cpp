#include "trainer/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "trainer/train.h"

namespace plkd {
namespace {

constexpr double kMegabyte = 1 << 20;

double mb_of_floats(double count) { return count * 4 / kMegabyte; }

// A line of what Linux says of this process, in MB.
double status_mb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

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

double peak_memory_mb() { return status_mb("VmHWM"); }

MemoryPlan plan_memory(const TrainingPart& part, const std::vector<Pattern>& patterns, const TrainOptions& options) {
  const TeacherOptions& network = options.teacher.network;
  const auto genes = static_cast<double>(part.train.counts.genes), embed = static_cast<double>(network.embed),
             tokens = static_cast<double>(patterns.size()) + 2, blocks = static_cast<double>(network.blocks),
             heads = static_cast<double>(network.heads);
  double pairs = 0;
  for (const Pattern& pattern : patterns) pairs += static_cast<double>(pattern.genes.size());
  const bool is_published = network.layout == TokenLayout::AsPublished;
  const double of_layer = is_published ? 3 * tokens * embed * genes : (pairs + genes) * embed;
  const double weights = of_layer + blocks * 12 * embed * embed;

  MemoryPlan plan;
  plan.so_far_mb = peak_memory_mb();
  plan.held = {{"reference, genes, patterns and LibTorch", status_mb("VmRSS")},
               {"held-out cells, spread out", mb_of_floats(2 * static_cast<double>(part.held_out.size()) * genes)},
               // Itself, gradient, two of the optimiser, average, best, and a copy while they are compared or kept.
               {"the Teacher's weights", mb_of_floats(9 * weights)}};

  // Of a batch's tokens: the token layer and its gradient hold 10 times as much, a fused block 14 times, and LibTorch's
  // own layers 45 times and what every head attends to.
  const bool is_fused = !is_published && network.embed % 16 == 0 && network.drop_path == 0;
  const auto batch = static_cast<double>(options.teacher.loop.batch);
  double step = batch * tokens * embed * (10 + blocks * (is_fused ? 14 : 45));
  if (!is_fused) step += blocks * batch * heads * tokens * tokens * 2;
  step += batch * (1.34 * pairs * 2 + genes * 6);
  // Asked what it looks at: attention of all but the last block, heads apart, their mean and the flow.
  const double asked = 128 * tokens * tokens * ((blocks - 1) * heads + 4) + 128 * tokens * embed * 16;
  const double spread = 4 * static_cast<double>(std::min<std::int64_t>(part.train.size(), kTypicalCells)) * genes;
  double student = genes;
  double student_weights = 0;
  for (const std::int64_t width : options.student.network.widths) {
    student_weights += student * static_cast<double>(width);
    student = static_cast<double>(width);
  }
  const double small_step = static_cast<double>(options.student.loop.batch) * genes * 12;
  if (options.student.teacher_share > 0) {
    plan.phases = {{"a step of the Teacher", mb_of_floats(step)},
                   {"cells spread out to measure genes by, and the Teacher asked about them", mb_of_floats(spread + asked)}};
  }
  plan.phases.push_back({"a step of the Student", mb_of_floats(9 * student_weights + asked + small_step)});
  // Freed blocks of other sizes are not always found again.
  for (MemoryPlan::Part& phase : plan.phases) phase.mb *= 1.15;
  return plan;
}

std::string describe(const MemoryPlan& plan) {
  std::string text = "memory in MB:";
  for (const MemoryPlan::Part& part : plan.held) text += " " + part.what + " " + rounded(part.mb) + ";";
  text += " and one after the other:";
  for (const MemoryPlan::Part& part : plan.phases) text += " " + part.what + " " + rounded(part.mb) + ";";
  return text + " at most " + rounded(plan.most_mb());
}

nlohmann::json to_json(const MemoryPlan& plan) {
  nlohmann::json json = {{"so_far", plan.so_far_mb}, {"held", nlohmann::json::object()}, {"phases", nlohmann::json::object()}};
  for (const MemoryPlan::Part& part : plan.held) json["held"][part.what] = part.mb;
  for (const MemoryPlan::Part& part : plan.phases) json["phases"][part.what] = part.mb;
  return json;
}

}  // namespace plkd

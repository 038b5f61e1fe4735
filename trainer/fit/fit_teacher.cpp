#include "trainer/fit/fit_teacher.h"

#include "trainer/fit/mix.h"
#include "trainer/losses/batch_alignment.h"

namespace plkd {

TeacherView ask(Teacher& teacher, const torch::Tensor& expression) {
  const torch::NoGradGuard no_gradient;
  teacher->eval();
  std::vector<torch::Tensor> logits, attention;
  for (const torch::Tensor& cells : expression.split(128)) {
    const TeacherOutput output = teacher->forward(cells);
    const torch::Tensor flow = rollout(output.attention);
    logits.push_back(output.logits);
    attention.push_back(flow.narrow(1, 0, flow.size(1) - 1));
  }
  return {torch::cat(logits), torch::cat(attention)};
}

FittedTeacher fit_teacher(const TrainingPart& part, const std::vector<Pattern>& patterns,
                          const FitTeacherOptions& options, std::mt19937_64& rng, Verbosity verbosity) {
  Teacher teacher = options.start;
  if (!teacher) teacher = Teacher(patterns, part.train.genes(), part.classes, options.network);
  teacher->to(part.device);
  const Cells watched = typical_cells(part.held_out);
  const torch::Tensor held_out = part.input(watched), held_out_label = part.labels(watched);

  const Agreement at_start = agreement(ask(teacher, held_out).logits, held_out_label);
  FitLoopOptions loop = options.loop;
  if (loop.steps == 0) loop.steps = steps_for(part.train.size(), loop.batch, options.epochs, loop.limits);
  Progress progress("train the Teacher", loop.steps, verbosity);
  Batches batches(part.train.label, options.shares, loop.batch, rng);
  const FitLoopResult fit = fit_loop(
      *teacher, batches, loop, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const Cells cells = corrupt(select(part.train, batch), part.recipe, options.corruption, rng);
        const torch::Tensor label = part.labels(cells);
        const MixedCells mixed = mix(part, cells, options.mixed_share);
        const TeacherOutput output = teacher->forward(mixed.expression);
        const torch::Tensor labelling = torch::nn::functional::cross_entropy(
            output.logits, mixed.label,
            torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing));
        torch::Tensor loss =
            labelling + options.clustering_weight *
                            divergence_clustering(output.logits, output.latent, label, options.clustering);
        if (options.alignment_weight > 0) {
          loss = loss + options.alignment_weight * batch_alignment(output.latent, label, part.groups(batch, cells));
        }
        return loss;
      },
      [&] { return agreement(ask(teacher, held_out).logits, held_out_label); });
  return {teacher, at_start, fit};
}

}  // namespace plkd

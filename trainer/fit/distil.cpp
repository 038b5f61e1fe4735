#include "trainer/fit/distil.h"

#include "trainer/losses/distillation.h"
#include "trainer/losses/self_entropy.h"

namespace plkd {
namespace {

torch::Tensor class_shares(const torch::Tensor& label, std::int64_t classes) {
  const torch::Tensor cells = torch::bincount(label, {}, classes).to(torch::kFloat);
  return cells / cells.sum();
}

}  // namespace

DistilledStudent distil(const TrainingPart& part, Teacher& teacher, const DistilOptions& options, std::mt19937_64& rng,
                        Verbosity verbosity) {
  StudentNet student(part.train.counts.genes, part.classes, options.network);
  student->to(part.device);
  const torch::Tensor held_out = part.input(part.held_out);
  const torch::Tensor held_out_label = part.labels(part.held_out);
  const torch::Tensor label = part.labels(part.train);
  const torch::Tensor prior = class_shares(label, part.classes);
  const torch::Tensor targets = teacher_logits(teacher, part.input(part.train));  // [training cells x classes]

  FitLoopOptions loop = options.loop;
  if (loop.steps == 0) loop.steps = steps_for(part.train.size(), loop.batch, options.epochs);
  Progress progress("distil the Student", loop.steps, verbosity);
  const FitLoopResult fit = fit_loop(
      *student, part.train.size(), loop, rng, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const Cells cells = corrupt(select(part.train, batch), options.corruption, rng);
        const torch::Tensor chosen = torch::tensor(batch, torch::kLong).to(part.device);
        torch::Tensor x = part.input(cells);
        torch::Tensor y = torch::one_hot(label.index_select(0, chosen), part.classes).to(torch::kFloat);
        if (options.mix > 0) {
          auto perm = torch::randperm(x.size(0));
          auto lam = 1 - (torch::rand({x.size(0), 1}) < options.mix).to(torch::kFloat) * torch::rand({x.size(0), 1}) * (1 - options.mixlo);
          x = lam * x + (1 - lam) * x.index_select(0, perm);
          y = lam * y + (1 - lam) * y.index_select(0, perm);
        }
        const torch::Tensor target = options.same > 0 ? teacher_logits(teacher, x) : targets.index_select(0, chosen);
        const torch::Tensor logits = student->forward(x).logits;
        const torch::Tensor labelling = torch::nn::functional::cross_entropy(
            logits, y,
            torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing));
        const torch::Tensor imitation = distillation(logits, target, options.temperature);
        return options.teacher_share * imitation + (1 - options.teacher_share) * labelling +
               options.self_entropy_weight * self_entropy(logits, prior);
      },
      [&] {
        const torch::NoGradGuard no_gradient;
        return agreement(student->forward(held_out).logits, held_out_label);
      });
  return {student, fit};
}

}  // namespace plkd

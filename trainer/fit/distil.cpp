#include "trainer/fit/distil.h"

#include "trainer/losses/distillation.h"
#include "trainer/losses/self_entropy.h"

namespace plkd {
namespace {

struct StudentInput {
  torch::Tensor expression;  // [cells x genes]
  torch::Tensor label;       // [cells x classes], each class's part in the cell
};

// Mixes a share of the cells with another cell of the batch, which gets less than half of the mixture.
StudentInput mix(const StudentInput& cells, double share) {
  const std::int64_t count = cells.expression.size(0);
  const torch::Tensor is_mixed = torch::rand({count, 1}) < share;
  const torch::Tensor part = (is_mixed * torch::rand({count, 1}) / 2).to(cells.expression.device());
  const torch::Tensor other = torch::randperm(count, torch::kLong).to(cells.expression.device());
  return {(1 - part) * cells.expression + part * cells.expression.index_select(0, other),
          (1 - part) * cells.label + part * cells.label.index_select(0, other)};
}

torch::Tensor class_shares(const Cells& cells, std::int64_t classes) {
  torch::Tensor shares = torch::zeros({classes});
  for (const std::int32_t label : cells.label) shares[label] += 1.0 / static_cast<double>(cells.size());
  return shares;
}

}  // namespace

DistilledStudent distil(const TrainingPart& part, Teacher& teacher, const std::vector<Pattern>& patterns,
                        const DistilOptions& options, std::mt19937_64& rng, Verbosity verbosity) {
  const bool has_teacher = options.teacher_share > 0;
  PatternScores scores;
  StudentNetOptions network = options.network;
  if (has_teacher) {
    const torch::Tensor expression = part.input(part.train);
    scores = PatternScores(patterns, expression, ask(teacher, expression).attention);
    network.patterns = static_cast<std::int64_t>(patterns.size());
  }
  StudentNet student(part.train.counts.genes, part.classes, network);
  student->to(part.device);
  const torch::Tensor held_out = part.input(part.held_out);
  const torch::Tensor held_out_label = part.labels(part.held_out);
  const torch::Tensor prior = class_shares(part.train, part.classes).to(part.device);

  FitLoopOptions loop = options.loop;
  if (loop.steps == 0) loop.steps = steps_for(part.train.size(), loop.batch, options.epochs);
  Progress progress("distil the Student", loop.steps, verbosity);
  const FitLoopResult fit = fit_loop(
      *student, part.train.size(), loop, rng, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const Cells cells = corrupt(select(part.train, batch), options.corruption, rng);
        const torch::Tensor label = torch::one_hot(part.labels(cells), part.classes).to(torch::kFloat);
        const StudentInput input = mix({part.input(cells), label}, options.mixed_share);
        const StudentNetOutput output = student->forward(input.expression);
        torch::Tensor loss = options.self_entropy_weight * self_entropy(output.logits, prior);
        if (options.teacher_share < 1) {
          loss = loss + (1 - options.teacher_share) *
                            torch::nn::functional::cross_entropy(
                                output.logits, input.label,
                                torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(
                                    options.label_smoothing));
        }
        if (has_teacher) {
          const TeacherView target = ask(teacher, input.expression);
          loss = loss + options.teacher_share * distillation(output.logits, target.logits, options.temperature) +
                 options.pattern_weight *
                     torch::mse_loss(output.patterns, scores(input.expression, target.attention));
        }
        return loss;
      },
      [&] {
        const torch::NoGradGuard no_gradient;
        return agreement(student->forward(held_out).logits, held_out_label);
      });
  if (!has_teacher) return {student, fit, {}};
  const torch::NoGradGuard no_gradient;
  return {student, fit,
          pattern_agreement(student->forward(held_out).patterns,
                            scores(held_out, ask(teacher, held_out).attention))};
}

}  // namespace plkd

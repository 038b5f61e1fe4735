#include "trainer/fit/distil.h"

#include "trainer/fit/mix.h"
#include "trainer/losses/batch_alignment.h"
#include "trainer/losses/distillation.h"

namespace plkd {
namespace {

torch::Tensor class_shares(const StoredCells& cells, std::int64_t classes) {
  torch::Tensor shares = torch::zeros({classes});
  for (const std::int32_t label : cells.label) shares[label] += 1.0 / static_cast<double>(cells.size());
  return shares;
}

// What takes the classes' shares out of logits that were learnt with them. A class without cells is taken to
// have one.
torch::Tensor without_shares(const torch::Tensor& shares, std::int64_t cells) {
  return -shares.clamp_min(1 / static_cast<double>(cells)).log();
}

}  // namespace

DistilledStudent distil(const TrainingPart& part, Committee* teachers, const std::vector<Pattern>& patterns,
                        const DistilOptions& options, std::mt19937_64& rng, Verbosity verbosity) {
  const Cells watched = typical_cells(part.held_out);
  const torch::Tensor held_out = part.input(watched), held_out_label = part.labels(watched);
  const torch::Tensor prior = class_shares(part.train, part.classes).to(part.device);
  const torch::Tensor towards_even = (1 - options.prior) * without_shares(prior, part.train.size());
  PatternScores scores;
  StudentNetOptions network = options.network;
  if (teachers != nullptr) {
    const torch::Tensor expression = part.input(typical_cells(part.train));
    scores = PatternScores(patterns, expression, teachers->ask(expression).attention);
    network.patterns = static_cast<std::int64_t>(patterns.size());
    network.direct = teachers->direct();
  }
  StudentNet student(part.train.genes(), part.classes, network);
  student->to(part.device);

  FitLoopOptions loop = options.loop;
  if (loop.steps == 0) loop.steps = steps_for(part.train.size(), loop.batch, options.epochs, loop.limits);
  Batches batches = teachers != nullptr ? Batches(part.train.label, options.shares, loop.batch, rng)
                                        : Batches(part.train.size(), loop.batch, rng);
  Progress progress(part.held_out.size() > 0 ? "distil the Student" : "distil the Student, on all cells",
                    loop.steps, verbosity);
  const FitLoopResult fit = fit_loop(
      *student, batches, loop, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const Cells cells = corrupt(select(part.train, batch), part.recipe, options.corruption, rng);
        const MixedCells mixed = mix(part, cells, options.mixed_share);
        const StudentNetOutput output = student->forward(mixed.expression);
        torch::Tensor loss =
            options.self_entropy_weight * self_entropy(output.logits, prior, options.self_entropy_form);
        if (options.alignment_weight > 0) {
          loss = loss + options.alignment_weight *
                            batch_alignment(output.latent, part.labels(cells), part.groups(batch, cells));
        }
        if (teachers == nullptr || options.teacher_share < 1) {
          loss = loss + (teachers == nullptr ? 1 : 1 - options.teacher_share) *
                            torch::nn::functional::cross_entropy(
                                output.logits, mixed.label,
                                torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(
                                    options.label_smoothing));
        }
        if (teachers != nullptr) {
          const Committee::View target = teachers->ask(mixed.expression);
          loss = loss +
                 options.teacher_share *
                     distillation(output.logits, target.probability.log(), options.temperature) +
                 options.pattern_weight *
                     torch::mse_loss(output.patterns, scores(mixed.expression, target.attention));
        }
        return loss;
      },
      part.held_out.size() == 0 ? std::function<Agreement()>() : [&] {
        const torch::NoGradGuard no_gradient;
        return agreement(student->forward(held_out).logits + towards_even, held_out_label);
      });
  student->add_to_logits(towards_even);
  if (teachers == nullptr || part.held_out.size() == 0) return {student, fit, {}};
  const torch::NoGradGuard no_gradient;
  return {student, fit,
          pattern_agreement(student->forward(held_out).patterns,
                            scores(held_out, teachers->ask(held_out).attention))};
}

}  // namespace plkd

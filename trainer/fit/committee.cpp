#include "trainer/fit/committee.h"

#include <cmath>
#include <limits>
#include <utility>

#include "trainer/fit/mix.h"

namespace plkd {

struct LinearRecipe {
  const char* name;
  LinearTeacherOptions network;
  OptimiserKind optimiser;
  double learning_rate;
};

namespace {

const LinearRecipe kStandardised = {"train the linear teacher of standardised genes",
                                    {LinearInput::Standardised, 0.3},
                                    OptimiserKind::OneCycleAdamW,
                                    1e-3};
// Plain gradient descent from zero: genes gain weight in proportion to what they explain, which is the
// regularisation that travels between studies.
const LinearRecipe kExpression = {"train the linear teacher of expression",
                                  {LinearInput::Expression, 0},
                                  OptimiserKind::OneCycleMomentum,
                                  0.04};

// The temperature of greatest likelihood on the held-out cells, which no member was trained on, to about 6 %.
double temperature_of(const torch::Tensor& logits, const torch::Tensor& label) {
  constexpr double kLowest = 0.2, kHighest = 5;
  constexpr int kTried = 50;
  double best = 1, lowest_loss = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kTried; ++i) {
    const double temperature = kLowest * std::pow(kHighest / kLowest, static_cast<double>(i) / kTried);
    const double loss = torch::nn::functional::cross_entropy(logits / temperature, label).item<double>();
    if (loss >= lowest_loss) continue;
    lowest_loss = loss;
    best = temperature;
  }
  return best;
}

LinearFunction fit_once(const TrainingPart& part, const LinearRecipe& recipe, const CommitteeOptions& options,
                        std::mt19937_64& rng, Verbosity verbosity) {
  LinearTeacher network(part.input(typical_cells(part.train)), part.classes, recipe.network);
  network->to(part.device);
  const Cells watched = typical_cells(part.held_out);
  const torch::Tensor held_out = part.input(watched), held_out_label = part.labels(watched);
  FitLoopOptions loop;
  loop.optimiser = recipe.optimiser;
  loop.learning_rate = recipe.learning_rate;
  loop.memory = recipe.optimiser == OptimiserKind::OneCycleMomentum ? 0 : loop.memory;
  loop.steps = steps_for(part.train.size(), loop.batch, options.epochs, {.fewest = 300});
  loop.resume = options.resume;
  Batches batches(part.train.label, options.shares, loop.batch, rng);
  Progress progress(recipe.name + std::string(part.held_out.size() > 0 ? "" : ", on all cells"), loop.steps,
                    verbosity);
  fit_loop(
      *network, batches, loop, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const MixedCells cells = mix(part, corrupt(select(part.train, batch), part.recipe.blocks, options.corruption, rng), options.mixed_share);
        return torch::nn::functional::cross_entropy(
            network->forward(cells.expression), cells.label,
            torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing));
      },
      part.held_out.size() == 0 ? std::function<Agreement()>() : [&] {
        const torch::NoGradGuard no_gradient;
        return agreement(network->forward(held_out), held_out_label);
      });
  return network->function();
}

LinearFunction fit_linear(const TrainingPart& part, const LinearRecipe& recipe,
                          const CommitteeOptions& options, std::mt19937_64& rng, Verbosity verbosity) {
  LinearFunction mean = fit_once(part, recipe, options, rng, verbosity);
  for (int fit = 1; fit < options.fits; ++fit) {
    const LinearFunction next = fit_once(part, recipe, options, rng, verbosity);
    mean.weight += next.weight;
    mean.bias += next.bias;
  }
  return {mean.weight / options.fits, mean.bias / options.fits};
}

torch::Tensor logits_of(const LinearFunction& function, const torch::Tensor& expression) {
  return torch::linear(expression, function.weight, function.bias);
}

}  // namespace

Committee::Committee(const TrainingPart& part, Teacher transformer, const CommitteeOptions& options,
                     std::mt19937_64& rng, Verbosity verbosity)
    : options_(options), transformer_(transformer) {
  const Cells watched = typical_cells(part.held_out);
  const torch::Tensor held_out = part.input(watched), held_out_label = part.labels(watched);
  const double total = options.transformer + options.standardised + options.expression;
  transformer_weight_ = options.transformer / total;
  transformer_temperature_ = temperature_of(plkd::ask(transformer_, held_out).logits, held_out_label);
  for (const auto& [recipe, weight] :
       {std::pair(&kStandardised, options.standardised), std::pair(&kExpression, options.expression)}) {
    if (weight <= 0) continue;
    const LinearFunction function = fit_linear(part, *recipe, options, rng, verbosity);
    linear_.push_back(
        {recipe, function, weight / total, temperature_of(logits_of(function, held_out), held_out_label)});
  }
}

void Committee::refit(const TrainingPart& part, std::mt19937_64& rng, Verbosity verbosity) {
  for (LinearMember& member : linear_)
    member.function = fit_linear(part, *member.recipe, options_, rng, verbosity);
}

Committee::View Committee::ask(const torch::Tensor& expression) {
  const torch::NoGradGuard no_gradient;
  const TeacherView view = plkd::ask(transformer_, expression);
  torch::Tensor probability = transformer_weight_ * torch::softmax(view.logits / transformer_temperature_, 1);
  for (LinearMember& member : linear_) {
    probability =
        probability +
        member.weight * torch::softmax(logits_of(member.function, expression) / member.temperature, 1);
  }
  return {probability, view.attention};
}

LinearFunction Committee::direct() const {
  LinearFunction sum;
  for (const LinearMember& member : linear_) {
    const double share = member.weight / member.temperature;
    const LinearFunction own = {share * member.function.weight, share * member.function.bias};
    sum = sum.weight.defined() ? LinearFunction{sum.weight + own.weight, sum.bias + own.bias} : own;
  }
  return sum;
}

}  // namespace plkd

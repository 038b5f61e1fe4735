#include "trainer/fit/committee.h"

#include <cmath>
#include <limits>
#include <utility>

#include "trainer/data/modalities.h"
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

// The cells in which something of the block was measured: what a linear teacher of it learns from.
StoredCells measured(const StoredCells& cells, const FeatureBlock& block) {
  std::vector<std::int64_t> chosen;
  std::int64_t cell = 0;
  for_each_slice(cells, [&](const Cells& slice) {
    for (const std::int64_t bit : measured_in(slice, {block})) {
      if (bit != 0) chosen.push_back(cell);
      ++cell;
    }
  });
  return subset(cells, chosen);
}

// Expression as it is gets its say because single genes travel between studies by it. A panel has few features and all are of use: the other
// teachers are right more often, so it has less. Bone marrow, 25 proteins, 5 folds, one seed: macro F1 0.869 with its full say, 0.873 with this.
constexpr double kExpressionOfPanel = 0.15;

// The recipes are tuned for 3,000 genes of which many say the same. A panel's proteins were each chosen to tell some type apart: none is hidden.
// And they are few: a step of AdamW moves each weight by as much, and what so many features of random sign add up to grows with the root of
// their number.
LinearRecipe suited_to(const FeatureBlock& block, LinearRecipe recipe) {
  constexpr double kTunedFor = 3000;
  if (block.modality != Modality::Protein) return recipe;
  recipe.network.hidden_genes = 0;
  if (recipe.optimiser == OptimiserKind::OneCycleAdamW)
    recipe.learning_rate *= std::sqrt(kTunedFor / static_cast<double>(block.size()));
  return recipe;
}

LinearFunction fit_once(const TrainingPart& part, const LinearRecipe& general, const FeatureBlock& block, const CommitteeOptions& options,
                        std::mt19937_64& rng, Verbosity verbosity) {
  const std::vector<FeatureBlock>& blocks = part.recipe.blocks;
  const bool has_modalities = !blocks.empty();
  const LinearRecipe recipe = suited_to(block, general);
  const StoredCells train = has_modalities ? measured(part.train, block) : part.train;
  const auto seen = [&](const Cells& cells) { return has_modalities ? only_modalities(cells, blocks, {block.modality}) : cells; };
  LinearTeacher network(part.input(typical_cells(train)), block, part.classes, recipe.network);
  network->to(part.device);
  const Cells watched = seen(typical_cells(part.held_out));
  const torch::Tensor held_out = part.input(watched), held_out_label = part.labels(watched);
  FitLoopOptions loop;
  loop.optimiser = recipe.optimiser;
  loop.learning_rate = recipe.learning_rate;
  loop.memory = recipe.optimiser == OptimiserKind::OneCycleMomentum ? 0 : loop.memory;
  loop.steps = steps_for(train.size(), loop.batch, options.epochs, {.fewest = 300});
  loop.resume = options.resume;
  CorruptionOptions corruption = options.corruption;
  corruption.modality_dropout = 0;
  const double mixed_share = block.modality == Modality::Protein ? 0 : options.mixed_share;  // see mix
  Batches batches(train.label, options.shares, loop.batch, rng);
  Progress progress(recipe.name + (has_modalities ? ", " + in_words(block.modality) : std::string()) +
                        (part.held_out.size() > 0 ? "" : ", on all cells"),
                    loop.steps, verbosity);
  fit_loop(
      *network, batches, loop, progress,
      [&](const std::vector<std::int64_t>& batch) {
        const MixedCells cells = mix(part, seen(corrupt(select(train, batch), part.recipe, corruption, rng)), mixed_share);
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

LinearFunction fit_linear(const TrainingPart& part, const LinearRecipe& recipe, const FeatureBlock& block,
                          const CommitteeOptions& options, std::mt19937_64& rng, Verbosity verbosity) {
  LinearFunction mean = fit_once(part, recipe, block, options, rng, verbosity);
  for (int fit = 1; fit < options.fits; ++fit) {
    const LinearFunction next = fit_once(part, recipe, block, options, rng, verbosity);
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
  const double of_expression = options.expression * (is_panel_alone(part.recipe.blocks) ? kExpressionOfPanel : 1);
  const double total = options.transformer + options.standardised + of_expression;
  transformer_weight_ = options.transformer / total;
  transformer_temperature_ = temperature_of(plkd::ask(transformer_, held_out).logits, held_out_label);
  for (const auto& [recipe, weight] :
       {std::pair(&kStandardised, options.standardised), std::pair(&kExpression, of_expression)}) {
    if (weight <= 0) continue;
    linear_.push_back({recipe, weight / total, {}});
    for (const FeatureBlock& block : blocks_over(part.recipe.blocks, part.train.genes())) {
      const LinearFunction function = fit_linear(part, *recipe, block, options, rng, verbosity);
      linear_.back().views.push_back({block, function, temperature_of(logits_of(function, held_out), held_out_label)});
    }
  }
}

void Committee::refit(const TrainingPart& part, std::mt19937_64& rng, Verbosity verbosity) {
  for (LinearMember& member : linear_)
    for (LinearView& view : member.views)
      view.function = fit_linear(part, *member.recipe, view.block, options_, rng, verbosity);
}

Committee::View Committee::ask(const torch::Tensor& expression) {
  const torch::NoGradGuard no_gradient;
  const TeacherView view = plkd::ask(transformer_, expression);
  torch::Tensor probability = transformer_weight_ * torch::softmax(view.logits / transformer_temperature_, 1);
  for (const LinearMember& member : linear_) {
    torch::Tensor logits;
    for (const LinearView& of_block : member.views) {
      const torch::Tensor own = logits_of(of_block.function, expression) / of_block.temperature;
      logits = logits.defined() ? logits + own : own;
    }
    probability = probability + member.weight * torch::softmax(logits, 1);
  }
  return {probability, view.attention};
}

LinearFunction Committee::direct() const {
  LinearFunction sum;
  for (const LinearMember& member : linear_) {
    for (const LinearView& view : member.views) {
      const double share = member.weight / view.temperature;
      const LinearFunction own = {share * view.function.weight, share * view.function.bias};
      sum = sum.weight.defined() ? LinearFunction{sum.weight + own.weight, sum.bias + own.bias} : own;
    }
  }
  return sum;
}

}  // namespace plkd

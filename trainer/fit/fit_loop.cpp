#include "trainer/fit/fit_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <sstream>
#include <string>

#include "shared/error.h"
#include "trainer/fit/resume_file.h"

namespace plkd {
namespace {

// A reference smaller than this is learnt in half the steps, and learnt by heart in more.
constexpr std::int64_t kFewCells = 600;

using Weights = std::vector<torch::Tensor>;

Weights copy_of(const torch::nn::Module& network) {
  Weights copies;
  for (const torch::Tensor& parameter : network.parameters()) copies.push_back(parameter.detach().clone());
  return copies;
}

void set_weights(torch::nn::Module& network, const Weights& weights) {
  const torch::NoGradGuard no_gradient;
  const Weights parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].detach().copy_(weights[i]);
}

// Moves the average towards the network's weights; in the first steps further, so that it forgets how they
// were drawn.
void add_to_average(Weights& average, const torch::nn::Module& network, std::int64_t step, double memory) {
  const torch::NoGradGuard no_gradient;
  const double kept = std::min(memory, static_cast<double>(step) / static_cast<double>(step + 10));
  const Weights parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    average[i].mul_(kept).add_(parameters[i].detach(), 1 - kept);
}

Agreement evaluate_with(torch::nn::Module& network, const Weights& weights,
                        const std::function<Agreement()>& evaluate) {
  const Weights current = copy_of(network);
  set_weights(network, weights);
  network.eval();
  const Agreement held_out = evaluate();
  network.train();
  set_weights(network, current);
  return held_out;
}

Weights clone(const Weights& weights) {
  Weights copies;
  for (const torch::Tensor& weight : weights) copies.push_back(weight.clone());
  return copies;
}

std::string note_of(const Agreement& held_out) {
  char text[64];
  std::snprintf(text, sizeof text, "held-out macro F1 %.3f", held_out.macro_f1);
  return text;
}

// All that a fit carries from one step to the next, beside network, optimiser and batches.
struct Course {
  FitLoopResult result;
  Weights average, best;  // best: none before the first evaluation
  std::int64_t worse_in_a_row = 0;
  std::string note;
};

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

void put(OutputArchive& archive, const std::string& name, const Weights& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) archive.write(name + std::to_string(i), weights[i].detach());
}

void take(InputArchive& archive, const std::string& name, Weights& weights) {
  const torch::NoGradGuard no_gradient;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    torch::Tensor weight;
    archive.read(name + std::to_string(i), weight);
    weights[i].detach().copy_(weight);
  }
}

// Without an optimiser: of a fit that has ended.
std::string packed(const torch::nn::Module& network, const Batches& batches, const Course& course,
                   const Optimiser* optimiser) {
  const Batches::Place place = batches.place();
  const FitLoopResult& result = course.result;
  const nlohmann::json numbers = {{"steps", result.steps},
                                  {"best_step", result.best_step},
                                  {"cells", result.cells},
                                  {"training_s", result.training_s},
                                  {"processor_s", result.processor_s},
                                  {"accuracy", result.held_out.accuracy},
                                  {"macro_f1", result.held_out.macro_f1},
                                  {"worse_in_a_row", course.worse_in_a_row},
                                  {"note", course.note},
                                  {"has_best", !course.best.empty()},
                                  {"next", place.next},
                                  {"rng", place.rng}};
  OutputArchive archive;
  archive.write("numbers", c10::IValue(numbers.dump()));
  archive.write("order", torch::tensor(place.order, torch::kLong));
  archive.write("generator", at::detail::getDefaultCPUGenerator().get_state());
  put(archive, "weight", network.parameters());
  if (optimiser != nullptr) {
    put(archive, "average", course.average);
    put(archive, "best", course.best);
    OutputArchive of_optimiser;
    optimiser->save(of_optimiser);
    archive.write("optimiser", of_optimiser);
  }
  std::ostringstream bytes;
  archive.save_to(bytes);
  return bytes.str();
}

// The opposite. Throws BadInput when the state is of another fit.
void unpack(const std::string& state, torch::nn::Module& network, Batches& batches, Course& course,
            Optimiser* optimiser) {
  try {
    std::istringstream bytes(state);
    InputArchive archive;
    archive.load_from(bytes);
    c10::IValue text;
    archive.read("numbers", text);
    const nlohmann::json numbers = nlohmann::json::parse(text.toStringRef());
    FitLoopResult& result = course.result;
    numbers.at("steps").get_to(result.steps);
    numbers.at("best_step").get_to(result.best_step);
    numbers.at("cells").get_to(result.cells);
    numbers.at("training_s").get_to(result.training_s);
    numbers.at("processor_s").get_to(result.processor_s);
    numbers.at("accuracy").get_to(result.held_out.accuracy);
    numbers.at("macro_f1").get_to(result.held_out.macro_f1);
    numbers.at("worse_in_a_row").get_to(course.worse_in_a_row);
    numbers.at("note").get_to(course.note);
    Weights weights = network.parameters();
    take(archive, "weight", weights);
    if (optimiser != nullptr) {
      take(archive, "average", course.average);
      if (numbers.at("has_best").get<bool>()) {
        course.best = clone(course.average);
        take(archive, "best", course.best);
      }
      InputArchive of_optimiser;
      archive.read("optimiser", of_optimiser);
      optimiser->load(of_optimiser);
    }
    torch::Tensor order, generator;
    archive.read("order", order);
    archive.read("generator", generator);
    const std::int64_t* cells = order.data_ptr<std::int64_t>();
    batches.go_on({{cells, cells + order.numel()}, numbers.at("next").get<std::size_t>(),
                     numbers.at("rng").get<std::string>()});
    at::Generator default_generator = at::detail::getDefaultCPUGenerator();
    default_generator.set_state(generator);
  } catch (const c10::Error&) {
    throw Error(ErrorKind::BadInput, "--checkpoint: what was kept is of other networks",
                "remove the file to begin anew");
  }
}

OptimiserOptions optimiser_options(const FitLoopOptions& options, std::int64_t cells) {
  OptimiserOptions optimiser;
  optimiser.kind = options.optimiser;
  optimiser.learning_rate = options.learning_rate;
  optimiser.weight_decay = options.weight_decay;
  optimiser.steps = options.steps;
  optimiser.steps_per_epoch = (cells + options.batch - 1) / options.batch;
  return optimiser;
}

}  // namespace

std::int64_t steps_for(std::int64_t cells, std::int64_t batch, double epochs, const StepLimits& limits) {
  const double steps = std::ceil(epochs * static_cast<double>(cells) / static_cast<double>(batch));
  const std::int64_t fewest = cells < kFewCells ? (limits.fewest + 1) / 2 : limits.fewest;
  return std::clamp(static_cast<std::int64_t>(steps), fewest, limits.most);
}

Batches::Batches(std::int64_t cells, std::int64_t batch, std::mt19937_64& rng)
    : order_(static_cast<std::size_t>(cells)),
      batch_(static_cast<std::size_t>(batch)),
      rng_(rng),
      next_(order_.size()) {}

Batches::Batches(const std::vector<std::int32_t>& label, const ClassShares& shares, std::int64_t batch,
                 std::mt19937_64& rng)
    : order_(label.size()), batch_(static_cast<std::size_t>(batch)), rng_(rng), next_(order_.size()) {
  std::vector<double> cells;  // [classes]
  for (const std::int32_t type : label) {
    cells.resize(std::max(cells.size(), static_cast<std::size_t>(type) + 1));
    ++cells[static_cast<std::size_t>(type)];
  }
  double powers = 0, total = 0;
  for (const double of_class : cells) powers += of_class > 0 ? std::pow(of_class, shares.exponent) : 0;
  for (const std::int32_t type : label) {
    const double of_class = cells[static_cast<std::size_t>(type)];
    const double share = std::max(std::pow(of_class, shares.exponent) / powers, shares.least);
    cumulative_.push_back(total += share / of_class);
  }
}

std::vector<std::int64_t> Batches::next() {
  if (!cumulative_.empty()) {
    std::vector<std::int64_t> drawn;
    for (std::size_t i = 0; i < batch_; ++i) {
      const double place = static_cast<double>(rng_() >> 11) * 0x1.0p-53 * cumulative_.back();
      const auto cell = std::upper_bound(cumulative_.begin(), cumulative_.end(), place);
      drawn.push_back(std::min<std::int64_t>(cell - cumulative_.begin(), cells() - 1));
    }
    return drawn;
  }
  if (next_ == order_.size()) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[rng_() % i]);
    next_ = 0;
  }
  const std::size_t first = next_;
  next_ = std::min(next_ + batch_, order_.size());
  return {order_.begin() + static_cast<std::ptrdiff_t>(first),
          order_.begin() + static_cast<std::ptrdiff_t>(next_)};
}

Batches::Place Batches::place() const {
  std::ostringstream rng;
  rng << rng_;
  return {cumulative_.empty() ? order_ : std::vector<std::int64_t>(), next_, rng.str()};
}

void Batches::go_on(const Place& place) {
  if (cumulative_.empty()) order_ = place.order;
  next_ = place.next;
  std::istringstream(place.rng) >> rng_;
}

FitLoopResult fit_loop(torch::nn::Module& network, Batches& batches, const FitLoopOptions& options,
                       Progress& progress,
                       const std::function<torch::Tensor(const std::vector<std::int64_t>& batch)>& loss_of,
                       const std::function<Agreement()>& evaluate) {
  using std::chrono::steady_clock;
  Optimiser optimiser(network, optimiser_options(options, batches.cells()));
  const std::int64_t between =
      std::max<std::int64_t>(1, options.steps / std::max<std::int64_t>(options.evaluations, 1));
  Course course;
  FitLoopResult& result = course.result;
  Weights &average = course.average, &best = course.best;
  average = copy_of(network);
  if (options.resume != nullptr) {
    if (const std::optional<ResumeFile::Fit> kept = options.resume->next()) {
      unpack(kept->state, network, batches, course, kept->is_finished ? nullptr : &optimiser);
      if (kept->is_finished) {
        network.eval();
        progress.set(result.steps);
        progress.finish(evaluate ? note_of(result.held_out) : "");
        return result;
      }
    }
  }
  network.train();
  while (result.steps < options.steps && course.worse_in_a_row < options.patience) {
    const steady_clock::time_point begin = steady_clock::now();
    const std::clock_t processor_begin = std::clock();
    const std::vector<std::int64_t> batch = batches.next();
    optimiser.zero_grad();
    loss_of(batch).backward();
    optimiser.step(result.steps);
    ++result.steps;
    result.cells += static_cast<std::int64_t>(batch.size());
    if (options.memory > 0) add_to_average(average, network, result.steps, options.memory);
    result.training_s += std::chrono::duration<double>(steady_clock::now() - begin).count();
    result.processor_s += static_cast<double>(std::clock() - processor_begin) / CLOCKS_PER_SEC;
    if (result.steps == options.steps || (evaluate && result.steps % between == 0)) {
      if (options.memory == 0) average = copy_of(network);
      if (!evaluate) {
        best = average;
        result.best_step = result.steps;
        break;
      }
      const Agreement held_out = evaluate_with(network, average, evaluate);
      const bool is_best =
          options.keep == Checkpoint::Last || best.empty() || held_out.macro_f1 >= result.held_out.macro_f1;
      course.worse_in_a_row = is_best ? 0 : course.worse_in_a_row + 1;
      if (is_best) {
        best = clone(average);
        result.best_step = result.steps;
        result.held_out = held_out;
      }
      course.note = note_of(held_out);
    }
    progress.set(result.steps, course.note);
    if (options.resume != nullptr && options.resume->is_due())
      options.resume->keep(packed(network, batches, course, &optimiser));
  }
  set_weights(network, best);
  network.eval();
  if (options.resume != nullptr) options.resume->finish(packed(network, batches, course, nullptr));
  progress.finish(evaluate ? note_of(result.held_out) : "");
  return result;
}

}  // namespace plkd

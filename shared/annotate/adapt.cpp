#include "shared/annotate/adapt.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shared/annotate/calibrate.h"
#include "shared/error.h"

namespace plkd {

namespace {

constexpr double kPseudocount = 0.3;  // per 10,000: keeps genes that are hardly seen from large factors
constexpr double kMostFold = 20;
constexpr double kCellsForHalf = 200;  // of the factor's logarithm

double factor_of(double mean, double expected, double cells) {
  const double fold = std::clamp((mean + kPseudocount) / (expected + kPseudocount), 1 / kMostFold, kMostFold);
  return std::pow(fold, cells / (cells + kCellsForHalf));
}

}  // namespace

Adaptation::Adaptation(Query& query, const Model& model, std::vector<std::int32_t> batch,
                       const AdaptOptions& options)
    : query_(query), model_(model), rounds_(options.rounds) {
  if (model.class_means.empty())
    throw Error(ErrorKind::BadInput,
                "model '" + model.card.name + "' keeps no class means, so it cannot be adapted to a file",
                "leave --adapt out, or train the model again with this version");
  if (!batch.empty() && static_cast<std::int64_t>(batch.size()) != query.cells())
    throw Error(ErrorKind::Internal, "adapt: batches do not fit the cells");
  std::int32_t last = 0;
  for (const std::int32_t of_cell : batch) last = std::max(last, of_cell);
  const auto genes = static_cast<std::size_t>(model.genes.size());
  batches_.assign(static_cast<std::size_t>(last) + 1,
                  {0, std::vector<double>(genes), std::vector<double>(model.classes.size())});
  scaling_ = {model.genes.size(), std::vector<float>(batches_.size() * genes, 1), std::move(batch)};
  query_.scale({});
  ranges_ = sample_cells(scaling_.batch, query.cells(), options.cells);
}

bool Adaptation::step() {
  if (round_ == rounds_) return false;
  if (next_ < ranges_.size()) add(ranges_[next_++]);
  if (next_ == ranges_.size()) finish_round();
  return round_ < rounds_;
}

double Adaptation::progress() const {
  const auto all =
      static_cast<double>(rounds_) * static_cast<double>(std::max<std::size_t>(ranges_.size(), 1));
  return (static_cast<double>(round_) * static_cast<double>(ranges_.size()) + static_cast<double>(next_)) /
         all;
}

void Adaptation::add(const CellRange& range) {
  const CountMatrix expression = query_.expression(range.first, range.end);
  const std::vector<float> logits = run_student(model_.student, expression).logits;
  const std::size_t classes = model_.classes.size();
  for (std::int64_t cell = 0; cell < expression.cells(); ++cell) {
    Batch& batch = batches_[static_cast<std::size_t>(scaling_.batch_of(range.first + cell))];
    ++batch.cells;
    const std::vector<float> probability = probabilities(
        {logits.data() + static_cast<std::size_t>(cell) * classes, classes}, model_.calibration.temperature);
    for (std::size_t type = 0; type < classes; ++type)
      batch.probability[type] += static_cast<double>(probability[type]);
    if (round_ > 0) continue;  // counts are read before any scaling
    const auto begin = static_cast<std::size_t>(expression.row_begin[static_cast<std::size_t>(cell)]);
    const auto end = static_cast<std::size_t>(expression.row_begin[static_cast<std::size_t>(cell) + 1]);
    for (std::size_t entry = begin; entry < end; ++entry)
      batch.counts[static_cast<std::size_t>(expression.gene[entry])] +=
          std::expm1(static_cast<double>(expression.count[entry])) * 1e4 /
          static_cast<double>(model_.recipe.target_sum);
  }
}

void Adaptation::finish_round() {
  const auto genes = static_cast<std::size_t>(scaling_.genes);
  for (std::size_t at = 0; at < batches_.size(); ++at) {
    Batch& batch = batches_[at];
    const auto cells = static_cast<double>(batch.cells);
    for (std::size_t gene = 0; gene < genes && batch.cells > 0; ++gene) {
      double expected = 0;
      for (std::size_t type = 0; type < batch.probability.size(); ++type)
        expected +=
            batch.probability[type] / cells * static_cast<double>(model_.class_means[type * genes + gene]);
      scaling_.factor[at * genes + gene] =
          static_cast<float>(factor_of(batch.counts[gene] / cells, expected, cells));
    }
    batch.cells = 0;
    std::fill(batch.probability.begin(), batch.probability.end(), 0);
  }
  query_.scale(scaling_);
  next_ = 0;
  ++round_;
}

}  // namespace plkd

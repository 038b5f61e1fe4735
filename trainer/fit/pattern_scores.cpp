#include "trainer/fit/pattern_scores.h"

#include <cstdint>

namespace plkd {
namespace {

constexpr double kTiny = 1e-9;
constexpr double kLargest = 5;

torch::Tensor membership_of(const std::vector<Pattern>& patterns, std::int64_t genes) {
  torch::Tensor membership = torch::zeros({genes, static_cast<std::int64_t>(patterns.size())});
  float* share = membership.data_ptr<float>();
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    for (const std::int32_t gene : patterns[p].genes) {
      share[static_cast<std::size_t>(gene) * patterns.size() + p] =
          1.0f / static_cast<float>(patterns[p].genes.size());
    }
  }
  return membership;
}

// Ranks along the last dimension. Scores are sums of many terms; ties do not occur but between equal cells.
torch::Tensor ranks(const torch::Tensor& values) {
  constexpr std::int64_t kLast = -1;
  return values.argsort(kLast).argsort(kLast).to(torch::kDouble);
}

// Spearman's correlation of each row of one with the same row of the other, median.
double median_rank_correlation(const torch::Tensor& a, const torch::Tensor& b) {
  const auto centred = [](const torch::Tensor& values) {
    const torch::Tensor rank = ranks(values);
    return rank - rank.mean(-1, true);
  };
  const torch::Tensor x = centred(a), y = centred(b);
  const torch::Tensor scale = (x.square().sum(-1) * y.square().sum(-1)).clamp_min(kTiny).sqrt();
  return ((x * y).sum(-1) / scale).median().item<double>();
}

}  // namespace

PatternScores::PatternScores(const std::vector<Pattern>& patterns, const torch::Tensor& expression,
                             const torch::Tensor& attention)
    : gene_mean_(expression.mean(0)),
      gene_deviation_(expression.std(0, false).clamp_min(kTiny)),
      membership_(membership_of(patterns, expression.size(1)).to(expression.device())),
      usual_attention_(attention.mean(0).clamp_min(kTiny)) {
  const torch::Tensor scores = weighed(expression, attention);
  deviation_ = scores.std(0, false).clamp_min(kTiny);
}

torch::Tensor PatternScores::weighed(const torch::Tensor& expression, const torch::Tensor& attention) const {
  const torch::Tensor level = ((expression - gene_mean_) / gene_deviation_).clamp(-kLargest, kLargest);
  return level.matmul(membership_) * (attention / usual_attention_);
}

torch::Tensor PatternScores::operator()(const torch::Tensor& expression,
                                        const torch::Tensor& attention) const {
  return (weighed(expression, attention) / deviation_).clamp(-kLargest, kLargest);
}

PatternAgreement pattern_agreement(const torch::Tensor& student, const torch::Tensor& teacher) {
  const torch::Tensor of_student = student.to(torch::kCPU), of_teacher = teacher.to(torch::kCPU);
  return {median_rank_correlation(of_student.t().contiguous(), of_teacher.t().contiguous()),
          median_rank_correlation(of_student, of_teacher)};
}

}  // namespace plkd

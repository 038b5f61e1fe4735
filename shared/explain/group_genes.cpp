#include "shared/explain/group_genes.h"

#include <algorithm>
#include <numeric>

#include "shared/error.h"
#include "shared/explain/rank_test.h"

namespace plkd {

namespace {

double share(std::int64_t some, double all) { return all > 0 ? static_cast<double>(some) / all : 0; }

// One gene over all groups.
struct Total {
  Moments moments;
  std::int64_t expressing = 0;
};

std::vector<Total> totals_of(const GroupGenes& expression) {
  std::vector<Total> totals(static_cast<std::size_t>(expression.genes()));
  for (std::int32_t group = 0; group < expression.groups(); ++group) {
    for (std::int64_t gene = 0; gene < expression.genes(); ++gene) {
      Total& total = totals[static_cast<std::size_t>(gene)];
      const Moments inside = expression.of(group, gene);
      total.moments.cells += inside.cells;
      total.moments.sum += inside.sum;
      total.moments.squares += inside.squares;
      total.expressing += expression.expressing(group, gene);
    }
  }
  return totals;
}

// One gene in one group and in all others.
struct Compared {
  Moments inside, outside;
  std::int64_t expressing_inside = 0, expressing_outside = 0;
};

Compared compare(const GroupGenes& expression, const Total& total, std::int32_t group, std::int64_t gene) {
  Compared compared{expression.of(group, gene), {}, expression.expressing(group, gene), 0};
  compared.expressing_outside = total.expressing - compared.expressing_inside;
  compared.outside.cells = total.moments.cells - compared.inside.cells;
  // A difference of sums leaves dust where nothing is left.
  if (compared.expressing_outside > 0) {
    compared.outside.sum = total.moments.sum - compared.inside.sum;
    compared.outside.squares = total.moments.squares - compared.inside.squares;
  }
  return compared;
}

// Calls `visit` for everything that is tested, in one order.
template <typename Visit>
void for_each_test(const GroupGenes& expression, const std::vector<Total>& totals, std::int64_t min_cells, Visit visit) {
  const std::int64_t cells = std::accumulate(expression.cells().begin(), expression.cells().end(), std::int64_t{0});
  for (std::int32_t group = 0; group < expression.groups(); ++group) {
    const std::int64_t inside = expression.cells()[static_cast<std::size_t>(group)];
    if (inside < min_cells || cells - inside < min_cells) continue;
    for (std::int64_t gene = 0; gene < expression.genes(); ++gene) {
      const Total& total = totals[static_cast<std::size_t>(gene)];
      if (total.expressing > 0) visit(group, gene, compare(expression, total, group, gene));
    }
  }
}

}  // namespace

GroupGenes::GroupGenes(std::int64_t genes, std::int32_t groups)
    : genes_(genes), cells_(static_cast<std::size_t>(groups)), sum_(at(groups, 0)), squares_(at(groups, 0)),
      expressing_(at(groups, 0)) {}

void GroupGenes::add(const CountMatrix& expression, const std::vector<std::int32_t>& group) {
  if (expression.genes != genes_ || expression.cells() != static_cast<std::int64_t>(group.size()))
    throw Error(ErrorKind::Internal, "group_genes: the expression does not fit the genes and the groups of cells");
  for (std::size_t cell = 0; cell < group.size(); ++cell) {
    if (group[cell] < 0) continue;
    if (group[cell] >= groups()) throw Error(ErrorKind::Internal, "group_genes: there is no such group");
    ++cells_[static_cast<std::size_t>(group[cell])];
    for (std::int64_t entry = expression.row_begin[cell]; entry < expression.row_begin[cell + 1]; ++entry) {
      const auto value = static_cast<double>(expression.count[static_cast<std::size_t>(entry)]);
      if (value <= 0) continue;
      const std::size_t place = at(group[cell], expression.gene[static_cast<std::size_t>(entry)]);
      sum_[place] += value;
      squares_[place] += value * value;
      ++expressing_[place];
    }
  }
}

Moments GroupGenes::of(std::int32_t group, std::int64_t gene) const {
  return {static_cast<double>(cells_[static_cast<std::size_t>(group)]), sum_[at(group, gene)], squares_[at(group, gene)]};
}

std::int64_t GroupGenes::expressing(std::int32_t group, std::int64_t gene) const { return expressing_[at(group, gene)]; }

std::vector<MarkerGene> marker_genes(const GroupGenes& expression, const MarkerGenesOptions& options) {
  const std::vector<Total> totals = totals_of(expression);
  std::vector<double> p_values;
  for_each_test(expression, totals, options.min_cells, [&](std::int32_t, std::int64_t, const Compared& compared) {
    p_values.push_back(welch_test(compared.inside, compared.outside).p_value);
  });
  const std::vector<double> q_values = adjusted_for_multiplicity(p_values);

  std::vector<std::vector<MarkerGene>> of_group(static_cast<std::size_t>(expression.groups()));
  std::size_t test = 0;
  for_each_test(expression, totals, options.min_cells, [&](std::int32_t group, std::int64_t gene, const Compared& compared) {
    const double q_value = q_values[test++];
    const double difference = compared.inside.mean() - compared.outside.mean();
    if (difference <= 0 || q_value > options.max_q_value) return;
    of_group[static_cast<std::size_t>(group)].push_back(
        {group, static_cast<std::int32_t>(gene), difference, welch_test(compared.inside, compared.outside).t, q_value,
         share(compared.expressing_inside, compared.inside.cells), share(compared.expressing_outside, compared.outside.cells)});
  });

  std::vector<MarkerGene> markers;
  for (std::vector<MarkerGene>& found : of_group) {
    std::stable_sort(found.begin(), found.end(), [](const MarkerGene& a, const MarkerGene& b) { return a.score > b.score; });
    const auto kept = std::min(found.size(), static_cast<std::size_t>(options.top));
    markers.insert(markers.end(), found.data(), found.data() + kept);
  }
  return markers;
}

GeneMeans gene_means(const GroupGenes& expression, const std::vector<std::int32_t>& genes) {
  GeneMeans means;
  for (std::int32_t group = 0; group < expression.groups(); ++group) {
    for (const std::int32_t gene : genes) {
      if (gene < 0 || gene >= expression.genes()) throw Error(ErrorKind::Internal, "gene_means: there is no such gene");
      const Moments inside = expression.of(group, gene);
      means.mean.push_back(static_cast<float>(inside.mean()));
      means.share.push_back(static_cast<float>(share(expression.expressing(group, gene), inside.cells)));
    }
  }
  return means;
}

}  // namespace plkd

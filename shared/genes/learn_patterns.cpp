#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "shared/genes/patterns.h"

namespace plkd {
namespace {

// Correlation between genes is settled long before this many cells.
constexpr std::int64_t kMaxCells = 10000;
constexpr int kMaxRounds = 30;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// One gene's expression over the cells, sparse. Its centred, unit-length form is (value - mean) / length.
struct Profile {
  std::int32_t gene = 0;
  std::vector<std::int32_t> cell;
  std::vector<float> value;
  double mean = 0;
  double length = 0;
};

// Profiles of the genes that vary, over at most kMaxCells cells spread evenly through the matrix.
std::vector<Profile> profiles_of(const CountMatrix& expression, std::int64_t cells) {
  std::vector<Profile> profiles(index(expression.genes));
  for (std::int64_t k = 0; k < cells; ++k) {
    const std::size_t source = index(k * expression.cells() / cells);
    for (std::int64_t i = expression.row_begin[source]; i < expression.row_begin[source + 1]; ++i) {
      Profile& profile = profiles[index(expression.gene[index(i)])];
      profile.cell.push_back(static_cast<std::int32_t>(k));
      profile.value.push_back(expression.count[index(i)]);
    }
  }
  std::vector<Profile> varying;
  for (std::size_t g = 0; g < profiles.size(); ++g) {
    Profile& profile = profiles[g];
    profile.gene = static_cast<std::int32_t>(g);
    double sum = 0, squares = 0;
    for (const float value : profile.value) {
      sum += value;
      squares += static_cast<double>(value) * value;
    }
    profile.mean = sum / static_cast<double>(cells);
    const double variance = squares - sum * profile.mean;
    if (variance <= 1e-9 * squares) continue;
    profile.length = std::sqrt(variance);
    varying.push_back(std::move(profile));
  }
  return varying;
}

// Unit vectors over the cells whose entries sum to zero, so that a profile need not be centred to be compared
// with them.
class Centres {
 public:
  Centres(std::int64_t cells, std::size_t count)
      : count_(count), place_(index(cells) * count), mean_(count), value_(place_.size()) {}

  std::size_t count() const { return count_; }

  // Correlation of a gene with each centre.
  std::vector<float> correlations(const Profile& profile) const {
    std::vector<float> result(count_);
    for (std::size_t i = 0; i < profile.cell.size(); ++i) {
      const float* centre = &value_[index(profile.cell[i]) * count_];
      for (std::size_t k = 0; k < count_; ++k) result[k] += profile.value[i] * centre[k];
    }
    for (float& r : result) r /= static_cast<float>(profile.length);
    return result;
  }

  void clear() {
    std::fill(place_.begin(), place_.end(), 0.0);
    std::fill(mean_.begin(), mean_.end(), 0.0);
  }

  void add(const Profile& profile, std::size_t centre) {
    for (std::size_t i = 0; i < profile.cell.size(); ++i) {
      place_[index(profile.cell[i]) * count_ + centre] +=
          static_cast<double>(profile.value[i]) / profile.length;
    }
    mean_[centre] += profile.mean / profile.length;
  }

  // Makes unit vectors of what was added. A centre that got no gene becomes zero and wins none again.
  void finish() {
    std::vector<double> squares(count_);
    const std::size_t cells = place_.size() / count_;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t k = 0; k < count_; ++k) {
        const double x = place_[cell * count_ + k] - mean_[k];
        squares[k] += x * x;
      }
    }
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t k = 0; k < count_; ++k) {
        const double x = place_[cell * count_ + k] - mean_[k];
        value_[cell * count_ + k] = squares[k] > 0 ? static_cast<float>(x / std::sqrt(squares[k])) : 0.0f;
      }
    }
  }

 private:
  std::size_t count_;
  std::vector<double> place_;  // [cells x centres], sums not yet centred
  std::vector<double> mean_;   // [centres]
  std::vector<float> value_;   // [cells x centres]
};

// Uniform in [0, 1) the same way with every standard library, so that a seed means the same everywhere.
double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1.0p-53; }

// k-means++: each further centre is a gene drawn in proportion to how badly the centres so far explain it.
std::vector<std::size_t> first_centres(const std::vector<Profile>& profiles, std::int64_t cells,
                                       std::size_t count, std::mt19937_64& rng) {
  std::vector<std::size_t> chosen;
  std::vector<double> distance(profiles.size(), 1.0);
  Centres one(cells, 1);
  while (chosen.size() < count) {
    double total = 0;
    for (const double d : distance) total += d;
    double left = uniform(rng) * total;
    std::size_t pick = 0;
    while (pick + 1 < profiles.size() && (left -= distance[pick]) >= 0) ++pick;
    chosen.push_back(pick);
    one.clear();
    one.add(profiles[pick], 0);
    one.finish();
    for (std::size_t g = 0; g < profiles.size(); ++g) {
      const double unexplained = std::max(0.0, 1.0 - static_cast<double>(one.correlations(profiles[g])[0]));
      distance[g] = std::min(distance[g], unexplained);
    }
    distance[pick] = 0;
  }
  return chosen;
}

struct Assignment {
  std::vector<std::size_t> module;  // [profiles]
  std::vector<float> correlation;   // [profiles], with the module's centre
};

// The nearest open centre of each gene; ties to the lower centre.
Assignment assign(const std::vector<Profile>& profiles, const Centres& centres,
                  const std::vector<bool>& is_open) {
  Assignment assignment;
  for (const Profile& profile : profiles) {
    const std::vector<float> correlation = centres.correlations(profile);
    std::size_t best = centres.count();
    for (std::size_t k = 0; k < centres.count(); ++k) {
      if (is_open[k] && (best == centres.count() || correlation[k] > correlation[best])) best = k;
    }
    assignment.module.push_back(best);
    assignment.correlation.push_back(correlation[best]);
  }
  return assignment;
}

void move_centres(Centres& centres, const std::vector<Profile>& profiles, const Assignment& assignment) {
  centres.clear();
  for (std::size_t g = 0; g < profiles.size(); ++g) centres.add(profiles[g], assignment.module[g]);
  centres.finish();
}

// Genes of modules too small to be a token join the nearest module that is large enough.
Assignment dissolve_small(const std::vector<Profile>& profiles, const Centres& centres,
                          const Assignment& assignment, std::int64_t min_genes) {
  std::vector<std::int64_t> members(centres.count());
  for (const std::size_t module : assignment.module) ++members[module];
  std::vector<bool> is_open(centres.count());
  bool any = false;
  for (std::size_t k = 0; k < is_open.size(); ++k) {
    is_open[k] = members[k] >= min_genes;
    any = any || is_open[k];
  }
  return any ? assign(profiles, centres, is_open) : assignment;
}

std::string name_of(const std::vector<std::size_t>& by_centrality, const std::vector<Profile>& profiles,
                    const GeneVocabulary& genes) {
  std::string name;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, by_centrality.size()); ++i) {
    const std::size_t gene = index(profiles[by_centrality[i]].gene);
    if (i > 0) name += ' ';
    name += name_of(genes, gene);
  }
  return name;
}

std::vector<Pattern> modules_of(const std::vector<Profile>& profiles, const Assignment& assignment,
                                std::size_t count, const GeneVocabulary& genes,
                                const LearnPatternsOptions& options) {
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t g = 0; g < profiles.size(); ++g) members[assignment.module[g]].push_back(g);
  std::vector<Pattern> patterns;
  for (std::vector<std::size_t>& module : members) {
    if (static_cast<std::int64_t>(module.size()) < options.min_genes) continue;
    std::stable_sort(module.begin(), module.end(), [&](std::size_t a, std::size_t b) {
      return assignment.correlation[a] > assignment.correlation[b];
    });
    module.resize(std::min(module.size(), index(options.max_genes)));
    Pattern pattern{name_of(module, profiles, genes), {}};
    for (const std::size_t g : module) pattern.genes.push_back(profiles[g].gene);
    std::sort(pattern.genes.begin(), pattern.genes.end());
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace

std::vector<Pattern> learn_patterns(const CountMatrix& expression, const GeneVocabulary& genes,
                                    const LearnPatternsOptions& options) {
  const std::int64_t cells = std::min(expression.cells(), kMaxCells);
  const std::vector<Profile> profiles = profiles_of(expression, cells);
  // Twice the smallest module on average, or most modules would be dissolved again.
  const std::size_t fitting = profiles.size() / index(2 * std::max<std::int64_t>(options.min_genes, 1));
  const std::size_t count = std::min(index(options.patterns), std::max<std::size_t>(fitting, 1));
  if (profiles.empty() || count == 0) return {};

  std::mt19937_64 rng(options.seed);
  Centres centres(cells, count);
  const std::vector<std::size_t> seeds = first_centres(profiles, cells, count, rng);
  for (std::size_t k = 0; k < count; ++k) centres.add(profiles[seeds[k]], k);
  centres.finish();

  const std::vector<bool> all_open(count, true);
  Assignment assignment = assign(profiles, centres, all_open);
  for (int round = 0; round < kMaxRounds; ++round) {
    move_centres(centres, profiles, assignment);
    Assignment next = assign(profiles, centres, all_open);
    const bool settled = next.module == assignment.module;
    assignment = std::move(next);
    if (settled) break;
  }
  assignment = dissolve_small(profiles, centres, assignment, options.min_genes);
  return modules_of(profiles, assignment, count, genes, options);
}

}  // namespace plkd

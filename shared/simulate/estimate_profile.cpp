#include "shared/simulate/estimate_profile.h"

#include "shared/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plkd {
namespace {

constexpr std::int64_t kSlice = 1000;
constexpr double kTenThousand = 1e4;

// What one pass over the reference gathers of one type; L is a cell's library size, x its count of a gene.
struct TypeSums {
  std::vector<double> x;          // [genes], sum of x
  std::vector<double> x_squared;  // [genes], sum of x^2
  std::vector<double> x_library;  // [genes], sum of x L
  double library_squared = 0;     // sum of L^2
  std::vector<double> libraries;  // [cells], L

  double library() const { return std::accumulate(libraries.begin(), libraries.end(), 0.0); }
};

std::vector<TypeSums> gather(CountsReader& reference, const CellColumn& labels) {
  const auto genes = static_cast<std::size_t>(reference.genes().size());
  std::vector<TypeSums> sums(labels.categories.size());
  for (TypeSums& type : sums) type.x = type.x_squared = type.x_library = std::vector<double>(genes);
  for (std::int64_t first = 0; first < reference.cells(); first += kSlice) {
    const CountMatrix counts = reference.read(first, std::min(reference.cells(), first + kSlice));
    const std::vector<double> library = library_sizes(counts);
    for (std::size_t cell = 0; cell < library.size(); ++cell) {
      const std::int32_t label = labels.code[static_cast<std::size_t>(first) + cell];
      if (label < 0 || library[cell] == 0) continue;
      TypeSums& type = sums[static_cast<std::size_t>(label)];
      type.libraries.push_back(library[cell]);
      type.library_squared += library[cell] * library[cell];
      for (auto k = static_cast<std::size_t>(counts.row_begin[cell]);
           k < static_cast<std::size_t>(counts.row_begin[cell + 1]); ++k) {
        const auto gene = static_cast<std::size_t>(counts.gene[k]);
        const double x = counts.count[k];
        type.x[gene] += x;
        type.x_squared[gene] += x * x;
        type.x_library[gene] += x * library[cell];
      }
    }
  }
  return sums;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Method of moments over all types: with expected counts m = L * share, the variance beyond Poisson is
// sum((x - m)^2 - m) = dispersion * sum(m^2).
std::vector<float> dispersions(const std::vector<TypeSums>& types, std::size_t genes) {
  constexpr double kMost = 4;  // a few lucky cells of a rare gene can suggest any value
  std::vector<float> dispersion(genes);
  std::vector<double> library;
  for (const TypeSums& type : types) library.push_back(type.library());
  for (std::size_t gene = 0; gene < genes; ++gene) {
    double beyond = 0;
    double squared = 0;
    for (std::size_t t = 0; t < types.size(); ++t) {
      const TypeSums& type = types[t];
      const double share = type.x[gene] / library[t];
      const double m_squared = share * share * type.library_squared;
      beyond += type.x_squared[gene] - 2 * share * type.x_library[gene] + m_squared - share * library[t];
      squared += m_squared;
    }
    if (squared > 0) dispersion[gene] = static_cast<float>(std::clamp(beyond / squared, 0.0, kMost));
  }
  return dispersion;
}

// Standard deviation of log library sizes within types.
double library_spread(const std::vector<TypeSums>& types) {
  double squares = 0;
  double cells = 0;
  for (const TypeSums& type : types) {
    const double n = static_cast<double>(type.libraries.size());
    double sum = 0;
    for (const double library : type.libraries) sum += std::log(library);
    for (const double library : type.libraries) squares += std::pow(std::log(library) - sum / n, 2);
    cells += n;
  }
  return std::sqrt(squares / cells);
}

// The ontology id that stands beside most cells of each label; "" where the reference has none.
std::vector<std::string> ontology_ids(CountsReader& reference, const CellColumn& labels) {
  std::vector<std::string> ids(labels.categories.size());
  const std::vector<std::string> columns = reference.column_names();
  if (std::find(columns.begin(), columns.end(), "cell_ontology_id") == columns.end()) return ids;
  const CellColumn ontology = reference.column("cell_ontology_id");
  std::vector<std::vector<std::int64_t>> seen(ids.size(), std::vector<std::int64_t>(ontology.categories.size()));
  for (std::size_t cell = 0; cell < labels.code.size(); ++cell) {
    if (labels.code[cell] < 0 || ontology.code[cell] < 0) continue;
    ++seen[static_cast<std::size_t>(labels.code[cell])][static_cast<std::size_t>(ontology.code[cell])];
  }
  for (std::size_t label = 0; label < ids.size(); ++label) {
    const auto most = std::max_element(seen[label].begin(), seen[label].end());
    if (most != seen[label].end() && *most > 0) {
      ids[label] = ontology.categories[static_cast<std::size_t>(most - seen[label].begin())];
    }
  }
  return ids;
}

std::vector<std::size_t> descending(const std::vector<double>& score) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  return order;
}

// How much log expression differs between the types. Half a count per 10,000 more keeps genes that are barely seen
// from looking like markers.
double spread_over_types(const Profile& profile, std::size_t gene) {
  constexpr double kCautious = 0.5;
  double sum = 0;
  double squares = 0;
  for (const TypeProfile& type : profile.types) {
    const double level = std::log(type.mean[gene] + kCautious);
    sum += level;
    squares += level * level;
  }
  const double n = static_cast<double>(profile.types.size());
  return squares / n - (sum / n) * (sum / n);
}

double highest_mean(const Profile& profile, std::size_t gene) {
  double highest = 0;
  for (const TypeProfile& type : profile.types) highest = std::max<double>(highest, type.mean[gene]);
  return highest;
}

// The profile over the genes given, its means scaled to 10,000 and its library sizes cut to those genes.
Profile restrict(const Profile& profile, const std::vector<std::size_t>& genes) {
  Profile kept = profile;
  kept.genes = {};
  kept.dispersion.clear();
  for (TypeProfile& type : kept.types) type.mean.clear();
  for (const std::size_t gene : genes) {
    kept.genes.symbol.push_back(profile.genes.symbol[gene]);
    kept.genes.id.push_back(profile.genes.id[gene]);
    kept.dispersion.push_back(profile.dispersion[gene]);
    for (std::size_t t = 0; t < kept.types.size(); ++t) kept.types[t].mean.push_back(profile.types[t].mean[gene]);
  }
  for (TypeProfile& type : kept.types) {
    const double sum = std::accumulate(type.mean.begin(), type.mean.end(), 0.0);
    if (sum > 0) {
      for (float& mean : type.mean) mean = static_cast<float>(mean * kTenThousand / sum);
    }
    type.library_size *= sum / kTenThousand;
  }
  return kept;
}

}  // namespace

Profile estimate_profile(CountsReader& reference, const CellColumn& labels, const EstimateProfileOptions& options) {
  const std::vector<TypeSums> all = gather(reference, labels);
  const std::vector<std::string> ids = ontology_ids(reference, labels);
  const auto genes = static_cast<std::size_t>(reference.genes().size());
  Profile profile;
  profile.genes = reference.genes();
  std::vector<TypeSums> sums;
  double cells = 0;
  for (std::size_t label = 0; label < all.size(); ++label) {
    if (std::ssize(all[label].libraries) < std::max<std::int64_t>(1, options.min_cells)) continue;
    TypeProfile type{labels.categories[label], ids[label], static_cast<double>(all[label].libraries.size()),
                     median(all[label].libraries), {}};
    const double library = all[label].library();
    for (const double x : all[label].x) type.mean.push_back(static_cast<float>(x / library * kTenThousand));
    cells += type.proportion;
    profile.types.push_back(std::move(type));
    sums.push_back(all[label]);
  }
  if (profile.types.empty()) {
    throw Error(ErrorKind::BadInput,
                reference.path() + ": no type of '" + labels.name + "' has " + std::to_string(options.min_cells) +
                    " cells", "choose another column of labels");
  }
  for (TypeProfile& type : profile.types) type.proportion /= cells;
  profile.dispersion = dispersions(sums, genes);
  profile.library_spread = library_spread(sums);
  return options.genes > 0 ? keep_genes(profile, options.genes) : profile;
}

Profile add_types(const Profile& profile, const Profile& more, double most_added) {
  const GeneAlignment alignment = align(more.genes, profile.genes);
  std::vector<std::size_t> shared;
  std::vector<std::size_t> place(static_cast<std::size_t>(profile.genes.size()));
  std::vector<char> is_shared(place.size(), 0);
  for (std::size_t gene = 0; gene < alignment.model_gene.size(); ++gene) {
    if (alignment.model_gene[gene] < 0) continue;
    const auto ours = static_cast<std::size_t>(alignment.model_gene[gene]);
    if (!is_shared[ours]) place[ours] = gene;
    is_shared[ours] = 1;
  }
  for (std::size_t gene = 0; gene < is_shared.size(); ++gene) {
    if (is_shared[gene]) shared.push_back(gene);
  }
  if (shared.empty()) {
    throw Error(ErrorKind::BadInput, "the profiles '" + profile.name + "' and '" + more.name + "' share no gene",
                "are both of one species?");
  }
  Profile joined = profile;
  for (const TypeProfile& type : more.types) {
    const bool is_known = std::any_of(profile.types.begin(), profile.types.end(),
                                      [&](const TypeProfile& known) { return known.name == type.name; });
    if (is_known) continue;
    TypeProfile added = type;
    added.proportion = std::min(type.proportion, most_added);
    added.mean.assign(place.size(), 0);
    for (const std::size_t gene : shared) added.mean[gene] = type.mean[place[gene]];
    joined.types.push_back(std::move(added));
  }
  double sum = 0;
  for (const TypeProfile& type : joined.types) sum += type.proportion;
  for (TypeProfile& type : joined.types) type.proportion /= sum;
  joined.sources.insert(joined.sources.end(), more.sources.begin(), more.sources.end());
  return restrict(joined, shared);
}

Profile keep_genes(const Profile& profile, std::int64_t genes) {
  const auto total = static_cast<std::size_t>(profile.genes.size());
  std::vector<double> highest(total);
  std::vector<double> spread(total);
  for (std::size_t gene = 0; gene < total; ++gene) {
    highest[gene] = highest_mean(profile, gene);
    spread[gene] = spread_over_types(profile, gene);
  }
  const std::vector<std::size_t> by_level = descending(highest);
  const std::vector<std::size_t> by_spread = descending(spread);
  std::vector<char> is_kept(total, 0);
  std::int64_t kept = 0;
  // Turn by turn from both lists until there are enough.
  for (std::size_t rank = 0; rank < total; ++rank) {
    for (const std::size_t gene : {by_level[rank], by_spread[rank]}) {
      if (kept >= genes || is_kept[gene] || highest[gene] == 0) continue;
      is_kept[gene] = 1;
      ++kept;
    }
  }
  std::vector<std::size_t> chosen;
  for (std::size_t gene = 0; gene < total; ++gene) {
    if (is_kept[gene]) chosen.push_back(gene);
  }
  return restrict(profile, chosen);
}

}  // namespace plkd

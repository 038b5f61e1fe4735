#include "shared/simulate/simulate.h"

#include "shared/counts/h5ad.h"
#include "shared/error.h"
#include "shared/simulate/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace plkd {
namespace {

constexpr std::int64_t kSlice = 1000;

// Streams of random numbers; cells count up from 0, so batches stand at the far end.
constexpr std::uint64_t kBatchStream = std::uint64_t{1} << 62;

void check(const SimulateOptions& options, const Profile& profile) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorKind::WrongUsage, "cannot simulate " + what, "see plkd simulate --help");
  };
  if (options.cells < 1) refuse(std::to_string(options.cells) + " cells: at least 1 is needed");
  if (options.batches < 1) refuse(std::to_string(options.batches) + " batches: at least 1 is needed");
  if (options.batch_effect < 0 || options.batch_depth < 0) refuse("with a batch effect below 0");
  if (options.dropout < 0 || options.dropout > 1) refuse("with a dropout outside 0 to 1");
  if (options.blend < 0 || options.blend > 1) refuse("with a blend outside 0 to 1");
  if (options.compression < 0 || options.compression > 9) refuse("with a compression outside 0 to 9");
  if (options.further_seen < 0 || options.further_seen >= 1) refuse("genes seen in a share of cells outside 0 to 1");
  if (options.genes != 0 && options.genes < profile.genes.size())
    refuse(std::to_string(options.genes) + " genes: the profile has " + std::to_string(profile.genes.size()));
}

std::vector<double> cumulative_proportions(const Profile& profile, double rarest) {
  std::vector<double> until;
  double sum = 0;
  for (const TypeProfile& type : profile.types) until.push_back(sum += std::max(type.proportion, rarest));
  for (double& share : until) share /= sum;
  return until;
}

std::vector<float> shares_of_library(const std::vector<float>& mean, const std::vector<double>& batch_factor) {
  double sum = 0;
  for (std::size_t gene = 0; gene < mean.size(); ++gene) sum += mean[gene] * batch_factor[gene];
  std::vector<float> shares(mean.size());
  for (std::size_t gene = 0; gene < mean.size(); ++gene) {
    shares[gene] = static_cast<float>(mean[gene] * batch_factor[gene] / sum);
  }
  return shares;
}

double squared_distance(const TypeProfile& a, const TypeProfile& b) {
  double sum = 0;
  for (std::size_t gene = 0; gene < a.mean.size(); ++gene) {
    const double level_a = std::log1p(static_cast<double>(a.mean[gene]));
    const double difference = level_a - std::log1p(static_cast<double>(b.mean[gene]));
    sum += difference * difference;
  }
  return sum;
}

// The other type nearest in log expression, ties to the first; a lone type is its own neighbour.
std::size_t nearest_type(const Profile& profile, std::size_t type) {
  std::size_t nearest = type;
  double shortest = std::numeric_limits<double>::infinity();
  for (std::size_t other = 0; other < profile.types.size(); ++other) {
    if (other == type) continue;
    const double distance = squared_distance(profile.types[type], profile.types[other]);
    if (distance >= shortest) continue;
    shortest = distance;
    nearest = other;
  }
  return nearest;
}

// Gamma-Poisson: the gene's level varies between cells of a type, the count varies around the level.
std::int64_t draw_count(double expected, double dispersion, double dropout, std::mt19937_64& rng) {
  if (expected <= 0) return 0;
  double level = expected;
  if (dispersion > 0) level = sampling::gamma(1 / dispersion, rng) * dispersion * expected;
  const std::int64_t count = sampling::poisson(level, rng);
  if (count > 0 && sampling::uniform(rng) < dropout * std::exp(-expected)) return 0;
  return count;
}

// Genes that know no type, one count each. Gaps between them are geometric: nothing is drawn for a gene that is not seen.
void append_further_genes(CountMatrix& counts, std::int64_t first_gene, double seen, std::mt19937_64& rng) {
  if (seen <= 0) return;
  const double log_unseen = std::log1p(-seen);
  const auto gap = [&] { return std::log(1 - sampling::uniform(rng)) / log_unseen; };
  for (double gene = static_cast<double>(first_gene) + std::floor(gap()); gene < static_cast<double>(counts.genes);
       gene += 1 + std::floor(gap())) {
    counts.gene.push_back(static_cast<std::int32_t>(gene));
    counts.count.push_back(1);
  }
}

// Names become categories in the order of first use; equal ontology ids share one.
CellColumn column_of(const std::string& name, const std::vector<std::string>& name_of_type,
                     const std::vector<std::int32_t>& type) {
  CellColumn column{name, {}, {}};
  std::map<std::string, std::int32_t> known;
  std::vector<std::int32_t> code;
  for (const std::string& value : name_of_type) {
    const auto [found, is_new] = known.emplace(value, static_cast<std::int32_t>(column.categories.size()));
    if (is_new) column.categories.push_back(value);
    code.push_back(found->second);
  }
  for (const std::int32_t t : type) column.code.push_back(code[static_cast<std::size_t>(t)]);
  return column;
}

}  // namespace

Simulator::Simulator(const Profile& profile, const SimulateOptions& options)
    : profile_(profile),
      options_(options),
      type_until_(cumulative_proportions(profile, options.rarest_type)) {
  check(options, profile);
  const auto genes = static_cast<std::size_t>(profile.genes.size());
  for (std::size_t type = 0; type < profile.types.size(); ++type) neighbour_.push_back(nearest_type(profile, type));
  for (std::int64_t batch = 0; batch < options.batches; ++batch) {
    std::mt19937_64 rng = sampling::generator(options.seed, kBatchStream + static_cast<std::uint64_t>(batch));
    batch_depth_.push_back(std::exp(options.batch_depth * sampling::normal(rng)));
    std::vector<double> factor(genes);
    for (double& f : factor) f = std::exp(options.batch_effect * sampling::normal(rng));
    for (const TypeProfile& type : profile.types) expected_.push_back(shares_of_library(type.mean, factor));
  }
}

std::size_t Simulator::draw_type(double uniform) const {
  const auto found = std::upper_bound(type_until_.begin(), type_until_.end(), uniform);
  return std::min(static_cast<std::size_t>(found - type_until_.begin()), type_until_.size() - 1);
}

SimulatedCells Simulator::cells(std::int64_t first, std::int64_t end) const {
  SimulatedCells cells;
  cells.counts.genes = std::max(options_.genes, profile_.genes.size());
  const std::size_t types = profile_.types.size();
  for (std::int64_t cell = first; cell < end; ++cell) {
    std::mt19937_64 rng = sampling::generator(options_.seed, static_cast<std::uint64_t>(cell));
    const std::size_t type = draw_type(sampling::uniform(rng));
    const auto batch = static_cast<std::size_t>(cell % options_.batches);
    const double stray = options_.blend * std::pow(sampling::uniform(rng), 2);
    const double library = profile_.types[type].library_size * batch_depth_[batch] *
                           std::exp(profile_.library_spread * sampling::normal(rng));
    const std::vector<float>& own = expected_[batch * types + type];
    const std::vector<float>& neighbour = expected_[batch * types + neighbour_[type]];
    for (std::size_t gene = 0; gene < own.size(); ++gene) {
      const double expected = library * ((1 - stray) * own[gene] + stray * neighbour[gene]);
      const std::int64_t count = draw_count(expected, profile_.dispersion[gene], options_.dropout, rng);
      if (count == 0) continue;
      cells.counts.gene.push_back(static_cast<std::int32_t>(gene));
      cells.counts.count.push_back(static_cast<float>(count));
    }
    append_further_genes(cells.counts, profile_.genes.size(), options_.further_seen, rng);
    cells.counts.row_begin.push_back(cells.counts.entries());
    cells.type.push_back(static_cast<std::int32_t>(type));
    cells.batch.push_back(static_cast<std::int32_t>(batch));
  }
  return cells;
}

GeneVocabulary Simulator::genes() const {
  GeneVocabulary genes = profile_.genes;
  for (std::int64_t gene = genes.size(); gene < options_.genes; ++gene) {
    genes.symbol.push_back("further" + std::to_string(gene + 1));
    genes.id.emplace_back();
  }
  return genes;
}

void simulate(const Profile& profile, const SimulateOptions& options, const std::string& path,
              const SimulateProgress& progress) {
  const Simulator simulator(profile, options);
  H5adWriter writer(path, simulator.genes(), options.compression);
  std::vector<std::int32_t> type;
  std::vector<std::int32_t> batch;
  for (std::int64_t first = 0; first < options.cells; first += kSlice) {
    const std::int64_t end = std::min(options.cells, first + kSlice);
    const SimulatedCells cells = simulator.cells(first, end);
    std::vector<std::string> names;
    for (std::int64_t cell = first; cell < end; ++cell) {
      names.push_back("seed" + std::to_string(options.seed) + "_cell" + std::to_string(cell + 1));
    }
    writer.append(cells.counts, names);
    type.insert(type.end(), cells.type.begin(), cells.type.end());
    batch.insert(batch.end(), cells.batch.begin(), cells.batch.end());
    if (progress) progress(end, options.cells);
  }
  std::vector<std::string> type_names;
  std::vector<std::string> ontology_ids;
  for (const TypeProfile& t : profile.types) {
    type_names.push_back(t.name);
    ontology_ids.push_back(t.ontology_id);
  }
  std::vector<std::string> batch_names;
  for (std::int64_t b = 1; b <= options.batches; ++b) batch_names.push_back("batch" + std::to_string(b));
  writer.finish({column_of("cell_type", type_names, type), column_of("cell_ontology_id", ontology_ids, type),
                 column_of("batch", batch_names, batch)});
}

}  // namespace plkd

#include "shared/explain/group_unknown.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "shared/annotate/sample_cells.h"
#include "shared/annotate/vote.h"
#include "shared/error.h"
#include "shared/integration/k_means.h"
#include "shared/integration/lisi.h"
#include "shared/integration/silhouette.h"
#include "shared/student/student.h"

namespace plkd {

namespace {

constexpr int kRestarts = 5;

struct ReadCells {
  Latents latents;
  std::vector<double> library;   // [cells]
  std::vector<double> detected;  // [cells]
};

ReadCells read(Query& query, const Model& model, const CellRange& range) {
  const CountMatrix counts = query.counts(range.first, range.end);
  ReadCells cells{{model.student.latent_width(), {}}, library_sizes(counts), {}};
  cells.latents.value = run_student(model.student, query.expression_of(counts, range.first)).latent;
  for (std::size_t cell = 0; cell < cells.library.size(); ++cell)
    cells.detected.push_back(static_cast<double>(counts.row_begin[cell + 1] - counts.row_begin[cell]));
  return cells;
}

void append(ReadCells& cells, const ReadCells& more) {
  cells.latents.width = more.latents.width;
  cells.latents.value.insert(cells.latents.value.end(), more.latents.value.begin(), more.latents.value.end());
  cells.library.insert(cells.library.end(), more.library.begin(), more.library.end());
  cells.detected.insert(cells.detected.end(), more.detected.begin(), more.detected.end());
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The centres of the groups that are furthest apart; the common one when none are far enough.
Latents find_centres(const Latents& sample, const GroupUnknownOptions& options) {
  Partition best{1, std::vector<std::int32_t>(static_cast<std::size_t>(sample.cells()))};
  double apart = options.least_silhouette;
  for (std::int32_t groups = 2; groups <= options.most_groups; ++groups) {
    const Partition partition = k_means(sample, {.groups = groups, .restarts = kRestarts}).partition;
    if (partition.groups < groups) break;  // there are no more different cells
    const double silhouette = mean(silhouettes(sample, partition));
    if (silhouette <= apart) continue;
    apart = silhouette;
    best = partition;
  }
  return centres_of(sample, best);
}

// Groups that have cells, renumbered by falling size, ties in order of their first cell.
Partition by_size(const std::vector<std::int32_t>& group, std::int64_t groups) {
  std::vector<std::int64_t> size(static_cast<std::size_t>(groups)), first(size.size());
  for (std::size_t cell = 0; cell < group.size(); ++cell) {
    const auto of = static_cast<std::size_t>(group[cell]);
    if (size[of]++ == 0) first[of] = static_cast<std::int64_t>(cell);
  }
  std::vector<std::size_t> order(size.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return size[a] != size[b] ? size[a] > size[b] : first[a] < first[b];
  });
  Partition partition;
  std::vector<std::int32_t> number(size.size());
  for (const std::size_t of : order)
    if (size[of] > 0) number[of] = partition.groups++;
  for (const std::int32_t of : group) partition.group.push_back(number[static_cast<std::size_t>(of)]);
  return partition;
}

std::vector<double> of_group(const std::vector<double>& values, const Partition& partition, std::int32_t group) {
  std::vector<double> chosen;
  for (std::size_t cell = 0; cell < values.size(); ++cell)
    if (partition.group[cell] == group) chosen.push_back(values[cell]);
  return chosen;
}

// What each group is nearest to, by a vote of its cells' best types.
std::vector<LabelName> nearest_types(const Model& model, const Annotations& labels, const UnknownGroups& unknown) {
  CellColumn column{"unknown", std::vector<std::string>(unknown.groups.size()), unknown.group};
  ClusterVote vote(model, std::move(column), UnknownPolicy::LabelAll);
  vote.add(0, labels);
  std::vector<LabelName> nearest;
  for (const ClusterLabel& cluster : vote.labels()) nearest.push_back(cluster.agree > 0 ? cluster.label : LabelName{});
  return nearest;
}

}  // namespace

UnknownGroups group_unknown(Query& query, const Model& model, const Annotations& labels,
                            const GroupUnknownOptions& options) {
  if (labels.cells() != query.cells()) throw Error(ErrorKind::Internal, "group_unknown: the labels are not those of all cells");
  UnknownGroups unknown;
  for (const LabelKind kind : labels.kind) unknown.group.push_back(kind == LabelKind::Unknown ? 0 : -1);
  const auto cells = std::count(unknown.group.begin(), unknown.group.end(), 0);
  if (cells == 0) return unknown;

  ReadCells sample;
  for (const CellRange& range : sample_cells(unknown.group, query.cells(), options.sample)) append(sample, read(query, model, range));
  const std::int64_t width = model.student.latent_width();
  const Latents centres = cells < options.few ? Latents{width, std::vector<float>(static_cast<std::size_t>(width))}
                                              : find_centres(sample.latents, options);

  std::vector<std::int32_t> group;  // [unknown cells], as are these two
  std::vector<double> library, detected;
  const auto take = [&](const ReadCells& some) {
    const std::vector<std::int32_t> nearest = nearest_centres(some.latents, centres);
    group.insert(group.end(), nearest.begin(), nearest.end());
    library.insert(library.end(), some.library.begin(), some.library.end());
    detected.insert(detected.end(), some.detected.begin(), some.detected.end());
  };
  if (cells <= options.sample) {
    take(sample);
  } else {
    for (const CellRange& range : sample_cells(unknown.group, query.cells(), query.cells())) take(read(query, model, range));
  }

  const Partition partition = by_size(group, centres.cells());
  std::size_t next = 0;
  for (std::int32_t& of_cell : unknown.group)
    if (of_cell >= 0) of_cell = partition.group[next++];
  for (std::int32_t number = 0; number < partition.groups; ++number) {
    const std::vector<double> libraries = of_group(library, partition, number);
    unknown.groups.push_back({static_cast<std::int64_t>(libraries.size()), {}, median(libraries), median(of_group(detected, partition, number))});
  }
  const std::vector<LabelName> nearest = nearest_types(model, labels, unknown);
  for (std::size_t at = 0; at < nearest.size(); ++at) unknown.groups[at].nearest = nearest[at];
  return unknown;
}

}  // namespace plkd

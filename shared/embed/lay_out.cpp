#include "shared/embed/lay_out.h"

#include <algorithm>
#include <utility>

#include "shared/error.h"
#include "shared/student/student.h"

namespace plkd {

namespace {

constexpr std::int64_t kCellsAStep = 384;

// What of the whole each step takes, by measurement; the last is placing.
constexpr double kReadingEnds = 0.15, kNeighboursEnd = 0.3, kMovingEnds = 0.8;

double between(double begin, double end, double share) { return begin + (end - begin) * share; }

}  // namespace

Layout::Layout(Query& query, const Model& model, const std::vector<float>& start, const LayoutOptions& options)
    : query_(query), model_(model), options_(options), sampled_(sample_cells({}, query.cells(), options.most)),
      latents_{model.student.latent_width(), {}} {
  if (static_cast<std::int64_t>(start.size()) != 2 * query.cells())
    throw Error(ErrorKind::Internal, "lay_out: the start has not one place for each cell");
  for (const CellRange& range : sampled_)
    start_.insert(start_.end(), start.data() + 2 * range.first, start.data() + 2 * range.end);
}

LayoutStep Layout::now() const {
  if (!umap_) return LayoutStep::Reading;
  if (!umap_->is_moving()) return LayoutStep::Neighbours;
  if (!umap_->is_done()) return LayoutStep::Moving;
  return !places_.empty() && next_ == query_.cells() ? LayoutStep::Done : LayoutStep::Placing;
}

double Layout::share() const {
  const auto share_of = [](auto part, auto whole) { return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole); };
  switch (now()) {
    case LayoutStep::Reading: return between(0, kReadingEnds, share_of(ranges_read_, sampled_.size()));
    case LayoutStep::Neighbours: return between(kReadingEnds, kNeighboursEnd, umap_->progress());
    case LayoutStep::Moving: return between(kNeighboursEnd, kMovingEnds, umap_->progress());
    case LayoutStep::Placing: return between(kMovingEnds, 0.999, share_of(next_, query_.cells()));
    case LayoutStep::Done: break;
  }
  return 1;
}

void Layout::step() {
  switch (now()) {
    case LayoutStep::Reading: return read();
    case LayoutStep::Neighbours:
    case LayoutStep::Moving: return umap_->step();
    case LayoutStep::Placing: return places_.empty() ? start_placing() : place();
    case LayoutStep::Done: return;
  }
}

std::vector<std::int64_t> Layout::cells() const {
  std::vector<std::int64_t> cells;
  if (now() == LayoutStep::Done) {
    for (std::int64_t cell = 0; cell < query_.cells(); ++cell) cells.push_back(cell);
    return cells;
  }
  for (const CellRange& range : sampled_)
    for (std::int64_t cell = range.first; cell < range.end; ++cell) cells.push_back(cell);
  return cells;
}

std::vector<float> Layout::places() const {
  if (now() == LayoutStep::Done) return places_;
  return umap_ && umap_->is_moving() ? umap_->places() : std::vector<float>{};
}

std::vector<float> Layout::latents_of(const CellRange& range) {
  return run_student(model_.student, query_.expression(range.first, range.end)).latent;
}

void Layout::read() {
  for (std::int64_t cells = 0; cells < kCellsAStep && ranges_read_ < sampled_.size(); ++ranges_read_) {
    const CellRange& range = sampled_[ranges_read_];
    const std::vector<float> latents = latents_of(range);
    latents_.value.insert(latents_.value.end(), latents.begin(), latents.end());
    cells += range.end - range.first;
  }
  if (ranges_read_ < sampled_.size()) return;
  umap_ = std::make_unique<Umap>(std::move(latents_), std::move(start_), options_.umap);
}

void Layout::start_placing() {
  places_.resize(static_cast<std::size_t>(2 * query_.cells()));
  has_place_.resize(static_cast<std::size_t>(query_.cells()));
  const float* place = umap_->places().data();
  for (const CellRange& range : sampled_) {
    std::fill(has_place_.data() + range.first, has_place_.data() + range.end, char{1});
    std::copy_n(place, 2 * (range.end - range.first), places_.data() + 2 * range.first);
    place += 2 * (range.end - range.first);
  }
  if (std::find(has_place_.begin(), has_place_.end(), 0) == has_place_.end()) next_ = query_.cells();
  else placed_ = std::make_unique<PlacedCells>(umap_->latents(), umap_->places());
}

// The next cells that have no place, range by range.
void Layout::place() {
  const std::int64_t cells = query_.cells();
  const auto has_place = [&](std::int64_t cell) { return has_place_[static_cast<std::size_t>(cell)] != 0; };
  for (std::int64_t placed = 0; placed < kCellsAStep && next_ < cells;) {
    while (next_ < cells && has_place(next_)) ++next_;
    const std::int64_t first = next_;
    while (next_ < cells && next_ - first < kCellsAStep && !has_place(next_)) ++next_;
    if (next_ == first) break;
    const std::vector<float> found = placed_->place({model_.student.latent_width(), latents_of({first, next_})});
    std::copy(found.begin(), found.end(), places_.data() + 2 * first);
    placed += next_ - first;
  }
}

}  // namespace plkd

#include "shared/cli/annotate_slices.h"

#include <algorithm>
#include <deque>
#include <future>
#include <thread>
#include <utility>

namespace plkd {

void annotate_slices(Query& query, const Model& model, const AnnotateSlicesOptions& options,
                     const std::function<void(std::int64_t first, const Annotations&)>& take) {
  struct InFlight {
    std::int64_t first;
    std::future<Annotations> annotations;
  };
  std::deque<InFlight> in_flight;
  const auto take_oldest = [&] {
    const Annotations annotations = in_flight.front().annotations.get();
    take(in_flight.front().first, annotations);
    in_flight.pop_front();
  };

  for (std::int64_t first = 0; first < query.cells(); first += options.slice) {
    CountMatrix expression = query.expression(first, std::min(first + options.slice, query.cells()));
    while (in_flight.size() >= static_cast<std::size_t>(options.threads)) take_oldest();
    in_flight.push_back({first, std::async(std::launch::async, [&model, &options, cells = std::move(expression)] {
                           return annotate(model, cells, options.decide);
                         })});
  }
  while (!in_flight.empty()) take_oldest();
}

int default_threads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

}  // namespace plkd

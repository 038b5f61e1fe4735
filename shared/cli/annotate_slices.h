#pragma once

#include <cstdint>
#include <functional>

#include "shared/annotate/annotate.h"
#include "shared/model/model.h"

namespace plkd {

struct AnnotateSlicesOptions {
  // Slices in flight at once; the file is read by one thread while the others infer.
  int threads = 1;
  // Cells a slice. Larger hides the cost of a read, smaller keeps memory low: about 4 MB a slice at 1,000 counts a cell.
  std::int64_t slice = 512;
  DecideOptions decide;
};

// Annotates a query slice by slice with several threads and hands the slices over in order of cells, on the calling thread.
void annotate_slices(Query& query, const Model& model, const AnnotateSlicesOptions& options,
                     const std::function<void(std::int64_t first, const Annotations&)>& take);

// Threads to use when the user names none: all the machine has.
int default_threads();

}  // namespace plkd

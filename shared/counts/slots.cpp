#include "shared/counts/slots.h"

#include <algorithm>

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {

void refuse_negative(const CountMatrix& counts, std::int64_t first, const SlotInFile& slot) {
  const auto negative = std::find_if(counts.count.begin(), counts.count.end(), [](float v) { return v < 0; });
  if (negative == counts.count.end()) return;
  const std::int64_t entry = negative - counts.count.begin();
  const auto row = std::upper_bound(counts.row_begin.begin(), counts.row_begin.end(), entry);
  const std::int64_t cell = first + (row - counts.row_begin.begin()) - 1;
  std::vector<std::string> others = slot.all;
  std::erase(others, slot.slot);
  throw Error(ErrorKind::BadInput,
              slot.path + ": '" + slot.slot + "' holds a negative value (cell " + std::to_string(cell + 1) +
                  "): it looks scaled, and raw counts are needed",
              others.empty() ? "save an h5ad with raw counts in X, in raw.X or in a layer"
                             : "choose raw counts in another slot: the file also has " + quoted_list(others));
}

void fail_without_slot(const hdf5::Group& root, const std::string& wanted, const std::vector<std::string>& all) {
  root.fail("has no slot '" + wanted + "'", "it has " + quoted_list(all));
}

}  // namespace plkd

#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/model/calibration.h"
#include "shared/results/digest_cells.h"

namespace plkd {

// What labels followed from, so that they can be made again and compared: `plkd annotate --receipt` writes it, `plkd verify
// --receipt` reruns it. It holds no time and no path, so the same run gives the same bytes:
//   receipt  1, the format
//   version  of plkd
//   cells    file, format, cells, genes, digest; bytes where the file is one
//   model    name, file, digest (of the file's bytes)
//   options  everything that changes a label
//   decisions  what was found in the data: kind of values, genes matched, digest of the factors of --adapt, digest of where the types were
//            found (displace), types left possible
//   labels   cells, counts by label, digest (of every line of labels.csv, unknown cells included)
constexpr int kReceiptFormat = 1;

// Of the factors a query was scaled by; "" when it was not.
std::string digest_of(const GeneScaling& scaling);
std::string digest_of(const Novelty& displaced);

// The members, as "labels.digest", that two receipts do not agree in, ascending; those of one alone count. A file's name and size
// do not matter where its cells are the same.
std::vector<std::string> differences(const nlohmann::json& receipt, const nlohmann::json& other);

}  // namespace plkd

#pragma once

#include <string>
#include <vector>

namespace plkd {

// Do these names belong to genes or to cells? From 1 (genes: Ensembl ids, symbols of many stems) over 0 (nothing tells) to
// -1 (cells: barcodes, accessions of sequencing runs).
double gene_evidence(const std::vector<std::string>& names);

}  // namespace plkd

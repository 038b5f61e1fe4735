#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/genes/vocabulary.h"

namespace plkd {

// features.tsv as rows of the matrix; rows that are no genes (antibodies, guides) are left out of the vocabulary.
struct FeatureTable {
  GeneVocabulary genes;
  std::vector<std::int32_t> gene_of_row;  // [rows], -1 for other features
  std::int64_t lines = 0;                 // rows, and those beyond the most that were kept
};

// barcodes.tsv
struct BarcodeTable {
  std::vector<std::string> names;
  std::int64_t lines = 0;
};

// Read the tables beside a MatrixMarket file: id, symbol and feature type, and names. Lines after the first `most` are counted only, so that
// no file takes more memory than its matrix says it needs. Throw BadInput with the line of a name that is not UTF-8.
FeatureTable read_features(const std::string& path, std::int64_t most);
BarcodeTable read_barcodes(const std::string& path, std::int64_t most);

}  // namespace plkd

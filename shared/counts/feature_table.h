#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/feature_split.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// features.tsv as rows of the matrix.
struct FeatureTable {
  FeatureSplit split;     // rows that are genes, antibodies, peaks
  GeneVocabulary genes;   // of the first
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

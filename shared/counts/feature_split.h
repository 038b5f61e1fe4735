#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shared/counts/counts_reader.h"

namespace plkd {

// What a list without types is: peaks, antibodies, or else genes.
Modality modality_by_names(const std::vector<std::string>& names);

// Features of one matrix that are not all genes, sorted by their types as 10x names them: genes, proteins, peaks. Others, guides for
// one, are left out.
class FeatureSplit {
 public:
  FeatureSplit() = default;
  // Without types all are genes, unless their names are those of antibodies or of peaks.
  FeatureSplit(const std::vector<std::string>& names, std::vector<std::string> types);  // [features] each

  const std::vector<std::int32_t>& genes() const { return genes_; }         // places in the matrix
  const std::vector<OtherFeatures>& others() const { return others_; }      // by modality, then in the order of the matrix
  bool is_all_genes() const { return genes_.size() == features_; }
  std::string left_out() const;  // ", without 4 of 'CRISPR Guide Capture'", or nothing

  CountMatrix genes_of(const CountMatrix& all) const { return select(all, gene_at_, genes_.size()); }
  CountMatrix other_of(std::size_t which, const CountMatrix& all) const;

 private:
  static CountMatrix select(const CountMatrix& all, const std::vector<std::int32_t>& place, std::size_t features);

  std::size_t features_ = 0;
  std::vector<std::int32_t> genes_;
  std::vector<std::int32_t> gene_at_;                // [features], -1 for others
  std::vector<OtherFeatures> others_;
  std::vector<std::vector<std::int32_t>> other_at_;  // [others][features]
  std::vector<std::pair<std::string, std::int64_t>> unused_;  // type and number
};

// The cells that were read last. Genes and other features of a range are asked for one after the other, and read once.
class LastRead {
 public:
  template <class Read>
  const CountMatrix& of(std::int64_t first, std::int64_t end, const Read& read) {
    if (first != first_ || first + cells_.cells() != end) {
      cells_ = read(first, end);
      first_ = first;
    }
    return cells_;
  }

 private:
  std::int64_t first_ = 0;
  CountMatrix cells_;
};

}  // namespace plkd

#include "shared/counts/tenx_h5.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "shared/counts/h5ad_matrix.h"
#include "shared/counts/row_builder.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {
namespace {

using hdf5::Group;

constexpr const char* kVersion3 = "matrix";
constexpr const char* kGenes = "Gene Expression";

bool is_version_2(const Group& group) {
  return group.has_dataset("barcodes") && group.has_dataset("genes") && group.has_dataset("indptr");
}

std::vector<std::string> genomes_of(const Group& root) {
  std::vector<std::string> genomes;
  for (const std::string& name : root.names())
    if (root.has_group(name) && is_version_2(root.group(name))) genomes.push_back(name);
  return genomes;
}

std::vector<std::string> all_texts(const hdf5::Dataset& texts) { return texts.read_texts(0, texts.length()); }

// Features in the file's order; only genes are in the vocabulary.
struct Features {
  GeneVocabulary genes;
  std::vector<std::int32_t> gene_of_row;      // [features], -1 for what is no gene
  std::map<std::string, std::int64_t> other;  // features left out, by type
};

Features features_of(const hdf5::Dataset& ids, const hdf5::Dataset& names, const std::vector<std::string>& types) {
  const std::vector<std::string> id = all_texts(ids), symbol = all_texts(names);
  if (id.size() != symbol.size() || (!types.empty() && types.size() != id.size()))
    ids.fail("has " + std::to_string(id.size()) + " features but their names or types are not as many",
             "the file is damaged: copy it again or run Cell Ranger's last step again");
  Features features;
  for (std::size_t row = 0; row < id.size(); ++row) {
    const bool is_gene = types.empty() || types[row] == kGenes;
    features.gene_of_row.push_back(is_gene ? static_cast<std::int32_t>(features.genes.size()) : -1);
    if (!is_gene) {
      ++features.other[types[row]];
      continue;
    }
    features.genes.symbol.push_back(symbol[row]);
    features.genes.id.push_back(looks_like_ensembl_id(id[row]) ? id[row] : "");
  }
  return features;
}

Features features_of(const Group& matrix) {
  if (!matrix.has_group("features"))
    return features_of(matrix.dataset("genes"), matrix.dataset("gene_names"), {});
  const Group features = matrix.group("features");
  return features_of(features.dataset("id"), features.dataset("name"), all_texts(features.dataset("feature_type")));
}

class TenxReader : public CountsReader {
 public:
  TenxReader(const std::string& path, const std::string& wanted) : path_(path), root_(hdf5::open_file(path)) {
    const bool is_version_3 = root_.has_group(kVersion3);
    const std::string name = is_version_3 ? kVersion3 : genome(wanted);
    if (is_version_3 && !wanted.empty())
      root_.fail("has no slot '" + wanted + "'", "Cell Ranger's HDF5 of version 3 or later holds one matrix: leave the slot out");
    const Group matrix = root_.group(name);
    features_ = features_of(matrix);
    barcodes_.emplace(matrix.dataset("barcodes"));
    const auto rows = static_cast<std::int64_t>(features_.gene_of_row.size());
    counts_ = open_h5ad_matrix(root_, name, {cells(), rows});
    format_ = "10x HDF5 (Cell Ranger " + std::string(is_version_3 ? "3 or newer)" : "2), genome '" + name + "'");
    for (const auto& [type, features] : features_.other)
      format_ += ", without " + std::to_string(features) + " of '" + type + "'";
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::int64_t cells() const override { return barcodes_->length(); }
  const GeneVocabulary& genes() const override { return features_.genes; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    CountMatrix counts = only_genes(counts_->read(first, end));
    validate(counts, path_);
    return counts;
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return barcodes_->read_texts(first, end - first);
  }

  std::vector<std::string> column_names() const override { return {}; }

  CellColumn column(const std::string& name) override { fail_without_column(*this, name); }

 private:
  std::string genome(const std::string& wanted) const {
    const std::vector<std::string> genomes = genomes_of(root_);
    if (std::find(genomes.begin(), genomes.end(), wanted) != genomes.end()) return wanted;
    if (!wanted.empty()) root_.fail("has no genome '" + wanted + "'", "it has " + quoted_list(genomes));
    if (genomes.size() > 1) root_.fail("holds several genomes", "choose one as the slot: " + quoted_list(genomes));
    return genomes.front();
  }

  CountMatrix only_genes(CountMatrix all) const {
    if (features_.other.empty()) return all;
    CountMatrix kept;
    kept.genes = features_.genes.size();
    RowBuilder rows(kept);
    std::vector<std::int32_t> gene;
    std::vector<float> count;
    for (std::size_t cell = 0; cell + 1 < all.row_begin.size(); ++cell) {
      gene.clear();
      count.clear();
      for (auto entry = static_cast<std::size_t>(all.row_begin[cell]); entry < static_cast<std::size_t>(all.row_begin[cell + 1]); ++entry) {
        const std::int32_t index = features_.gene_of_row[static_cast<std::size_t>(all.gene[entry])];
        if (index < 0) continue;
        gene.push_back(index);
        count.push_back(all.count[entry]);
      }
      rows.append(gene, count);
    }
    return kept;
  }

  std::string path_;
  std::string format_;
  Group root_;
  Features features_;
  std::optional<hdf5::Dataset> barcodes_;  // 10x's columns, our cells
  std::unique_ptr<H5adMatrix> counts_;  // [cells x features]
};

}  // namespace

bool is_tenx_h5(const Group& root) {
  return root.has_group(kVersion3) || !genomes_of(root).empty();
}

std::unique_ptr<CountsReader> open_tenx_h5(const std::string& path, const OpenCountsOptions& options) {
  return std::make_unique<TenxReader>(path, options.slot);
}

}  // namespace plkd

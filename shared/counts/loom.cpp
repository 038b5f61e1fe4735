#include "shared/counts/loom.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "shared/counts/h5ad_genes.h"
#include "shared/counts/h5ad_table.h"
#include "shared/counts/slots.h"

namespace plkd {
namespace {

using hdf5::Dataset;
using hdf5::Group;

constexpr const char* kMatrix = "matrix";
constexpr std::int64_t kTile = 4 << 20;     // values read at once
constexpr std::int64_t kWindow = 16 << 20;  // values, zeros included, of the cells held as a sparse matrix

std::vector<std::string> slots_of(const Group& root) {
  std::vector<std::string> slots = {kMatrix};
  if (!root.has_group("layers")) return slots;
  const Group layers = root.group("layers");
  for (const std::string& name : layers.names())
    if (layers.has_dataset(name)) slots.push_back("layers/" + name);
  return slots;
}

std::string find_slot(const Group& root, const std::string& wanted) {
  const std::vector<std::string> slots = slots_of(root);
  if (wanted.empty()) return kMatrix;
  if (std::find(slots.begin(), slots.end(), wanted) == slots.end()) fail_without_slot(root, wanted, slots);
  return wanted;
}

// The largest multiple of `step` up to `most`; `most` where a step is larger.
std::int64_t whole_steps(std::int64_t most, std::int64_t step) {
  return most < step ? std::max<std::int64_t>(1, most) : most / step * step;
}

// A window of cells is read gene by gene, turned, and kept for the slices that follow. It ends with a chunk, so that none is
// decompressed for two windows.
class LoomMatrix {
 public:
  LoomMatrix(Dataset values, std::int64_t genes, std::int64_t cells) : values_(std::move(values)), genes_(genes), cells_(cells) {
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    if (values_.extent() != std::vector<std::int64_t>{genes, cells} || genes > kMost || cells > kMost)
      values_.fail("is not of " + std::to_string(genes) + " genes x " + std::to_string(cells) + " cells, as row_attrs and col_attrs say",
                   "the file is damaged: write it again with loompy");
    std::vector<std::int64_t> chunk = values_.chunk();
    if (chunk.empty()) chunk = {1, 1};
    chunk_cells_ = chunk[1];
    window_cells_ = whole_steps(kWindow / std::max<std::int64_t>(1, genes), chunk_cells_);
    tile_genes_ = whole_steps(kTile / window_cells_, chunk[0]);
  }

  CountMatrix read(std::int64_t first, std::int64_t end) {
    CountMatrix counts;
    counts.genes = genes_;
    while (first < end) {
      if (first < window_first_ || first >= window_first_ + window_.cells()) load_window(first);
      const std::int64_t stop = std::min(end, window_first_ + window_.cells());
      append_cells(counts, select_cells(window_, first - window_first_, stop - window_first_));
      first = stop;
    }
    return counts;
  }

 private:
  void load_window(std::int64_t first) {
    window_ = CountMatrix();
    window_first_ = window_cells_ < chunk_cells_ ? first : first / chunk_cells_ * chunk_cells_;
    const std::int64_t cells = std::min(window_cells_, cells_ - window_first_);
    CountMatrix by_gene;
    by_gene.genes = cells;
    for (std::int64_t gene = 0; gene < genes_; gene += tile_genes_) {
      const std::int64_t genes = std::min(tile_genes_, genes_ - gene);
      const std::vector<float> tile = values_.read_tile(gene, genes, window_first_, cells);
      std::size_t at = 0;
      for (std::int64_t row = 0; row < genes; ++row) {
        for (std::int32_t cell = 0; cell < cells; ++cell, ++at) {
          if (tile[at] == 0) continue;
          by_gene.gene.push_back(cell);
          by_gene.count.push_back(tile[at]);
        }
        by_gene.row_begin.push_back(by_gene.entries());
      }
    }
    window_ = transpose(by_gene);
  }

  Dataset values_;  // [genes x cells]
  std::int64_t genes_;
  std::int64_t cells_;
  std::int64_t chunk_cells_ = 1;
  std::int64_t window_cells_ = 1;
  std::int64_t tile_genes_ = 1;
  CountMatrix window_;
  std::int64_t window_first_ = 0;
};

class LoomReader : public CountsReader {
 public:
  LoomReader(const std::string& path, const std::string& wanted)
      : path_(path),
        root_(hdf5::open_file(path)),
        slot_(find_slot(root_, wanted)),
        gene_table_(root_, "row_attrs", {"Gene", "var_names", "gene_names", "Accession"}),
        cell_table_(root_, "col_attrs", {"CellID", "obs_names", "cell_names"}),
        matrix_(root_.dataset(slot_), gene_table_.rows(), cell_table_.rows()),
        format_("loom, '" + slot_ + "'"),
        genes_(genes_of(gene_table_)) {}

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::vector<std::string> slots() const override { return slots_of(root_); }
  std::string slot() const override { return slot_; }
  std::int64_t cells() const override { return cell_table_.rows(); }
  const GeneVocabulary& genes() const override { return genes_; }
  std::vector<GeneNames> other_gene_names() const override { return other_names_of_genes(gene_table_); }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    CountMatrix counts = matrix_.read(first, end);
    refuse_negative(counts, first, {path_, slot_, slots_of(root_)});
    validate(counts, path_ + ": '" + slot_ + "'");
    return counts;
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return cell_table_.row_names(first, end);
  }

  std::vector<std::string> column_names() const override { return cell_table_.column_names(); }

  CellColumn column(const std::string& name) override {
    if (!cell_table_.has_column(name)) fail_without_column(*this, name);
    return cell_table_.column(name);
  }

 private:
  std::string path_;
  Group root_;
  std::string slot_;
  H5adTable gene_table_;
  H5adTable cell_table_;
  LoomMatrix matrix_;
  std::string format_;
  GeneVocabulary genes_;
};

}  // namespace

bool is_loom(const Group& root) {
  return root.has_dataset(kMatrix) && root.has_group("row_attrs") && root.has_group("col_attrs");
}

std::unique_ptr<CountsReader> open_loom(const std::string& path, const OpenCountsOptions& options) {
  return std::make_unique<LoomReader>(path, options.slot);
}

}  // namespace plkd

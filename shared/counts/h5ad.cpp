#include "shared/counts/h5ad.h"

#include "shared/counts/h5ad_genes.h"
#include "shared/counts/feature_split.h"
#include "shared/counts/h5ad_matrix.h"
#include "shared/counts/h5ad_obsm.h"
#include "shared/counts/h5ad_table.h"
#include "shared/counts/hdf5_file.h"
#include "shared/counts/slots.h"
#include "shared/error.h"
#include "shared/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace plkd {
namespace {

using hdf5::Group;

constexpr const char* kOldRaw = "raw.X";  // of anndata 0.6, which has it and "raw.var" in no group

// A place in the file where a matrix can be. `slot` is what people write, `node` where HDF5 keeps it.
struct Slot {
  std::string slot;
  std::string node;
};

std::vector<Slot> slots_of(const Group& root) {
  std::vector<Slot> slots;
  if (is_h5ad_matrix(root, "X")) slots.push_back({"X", "X"});
  if (root.has_group("raw") && is_h5ad_matrix(root.group("raw"), "X")) slots.push_back({"raw.X", "raw/X"});
  if (is_h5ad_matrix(root, kOldRaw)) slots.push_back({"raw.X", kOldRaw});
  if (!root.has_group("layers")) return slots;
  const Group layers = root.group("layers");
  std::vector<std::string> names = layers.names();
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "counts"; });
  for (const std::string& name : names) {
    if (is_h5ad_matrix(layers, name)) slots.push_back({"layers/" + name, "layers/" + name});
  }
  return slots;
}

std::vector<std::string> names_of(const std::vector<Slot>& slots) {
  std::vector<std::string> names;
  for (const Slot& slot : slots) names.push_back(slot.slot);
  return names;
}

[[noreturn]] void fail_without_matrix(const Group& root) {
  if (root.node("X") != hdf5::Node::Missing) {
    root.fail("'X' is in an encoding this program does not read",
              "write the file again with anndata; X may be a CSR, CSC or dense matrix");
  }
  root.fail("holds no matrix: no 'X', no 'raw/X', no 'layers'", "write the counts to X and save again with anndata");
}

// raw.X has genes of its own.
H5adTable genes_table(const Group& root, const Slot& slot) {
  if (slot.node == kOldRaw) return H5adTable(root, "raw.var");
  return slot.slot == "raw.X" ? H5adTable(root.group("raw"), "var") : H5adTable(root, "var");
}

// Some value is positive, all are whole and none is negative.
bool holds_counts(const std::vector<float>& values) {
  bool any = false;
  for (const float value : values) {
    if (!(value >= 0) || value != std::floor(value)) return false;
    any = any || value > 0;
  }
  return any;
}

// The rule of OpenCountsOptions::slot.
Slot choose_slot(const Group& root, const std::vector<Slot>& slots, std::int64_t cells) {
  for (const Slot& slot : slots) {
    const MatrixShape shape{cells, genes_table(root, slot).rows()};
    if (holds_counts(open_h5ad_matrix(root, slot.node, shape)->sample())) return slot;
  }
  return slots.front();
}

Slot find_slot(const Group& root, const std::vector<Slot>& slots, const std::string& wanted) {
  for (const Slot& slot : slots) {
    if (slot.slot == wanted || slot.node == wanted) return slot;
  }
  fail_without_slot(root, wanted, names_of(slots));
}

// What each row of var is, where the options or the file say so.
std::vector<std::string> feature_types(const H5adTable& var, const OpenCountsOptions& options) {
  if (const auto told = options.modalities.find("X"); told != options.modalities.end())
    return std::vector<std::string>(static_cast<std::size_t>(var.rows()), type_of(told->second));
  for (const char* column : {"feature_types", "feature_type"})
    if (var.has_column(column)) return var.texts(column);
  return {};
}

class H5adReader : public CountsReader {
 public:
  H5adReader(const std::string& path, hdf5::Group root, const OpenCountsOptions& options)
      : path_(path), root_(std::move(root)), slots_(slots_of(root_)) {
    if (slots_.empty()) fail_without_matrix(root_);
    obs_.emplace(root_, "obs");
    slot_ = options.slot.empty() ? choose_slot(root_, slots_, cells()) : find_slot(root_, slots_, options.slot);
    const H5adTable var = genes_table(root_, slot_);
    matrix_ = open_h5ad_matrix(root_, slot_.node, {cells(), var.rows()});
    split_ = FeatureSplit(var.row_names(0, var.rows()), feature_types(var, options));
    genes_ = select_genes(genes_of(var), split_.genes());
    obsm_ = ObsmFeatures(root_, cells(), options);
    other_features_ = split_.others();
    other_features_.insert(other_features_.end(), obsm_.features().begin(), obsm_.features().end());
    format_ = version() + ", " + matrix_->encoding() + " in '" + slot_.slot + "'" + split_.left_out();
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::vector<std::string> slots() const override { return names_of(slots_); }
  std::string slot() const override { return slot_.slot; }
  std::int64_t cells() const override { return obs_->rows(); }
  const GeneVocabulary& genes() const override { return genes_; }
  std::vector<GeneNames> other_gene_names() const override {
    std::vector<GeneNames> names = other_names_of_genes(genes_table(root_, slot_));
    for (GeneNames& each : names) each.genes = select_genes(each.genes, split_.genes());
    return names;
  }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    if (split_.is_all_genes()) return read_matrix(first, end);
    return split_.genes_of(kept(first, end));
  }

  const std::vector<OtherFeatures>& other_features() const override { return other_features_; }

  CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    if (which < split_.others().size()) return split_.other_of(which, kept(first, end));
    CountMatrix counts = obsm_.read(which - split_.others().size(), first, end);
    const std::string& where = other_features_.at(which).where;
    refuse_negative(counts, first, {path_, where, {}});
    validate(counts, path_ + ": '" + where + "'");
    return counts;
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return obs_->row_names(first, end);
  }

  std::vector<std::string> column_names() const override { return obs_->column_names(); }

  CellColumn column(const std::string& name) override {
    if (!obs_->has_column(name)) fail_without_column(*this, name);
    return obs_->column(name);
  }

 private:
  // What is called h5ad first can be annotated in place: plkd annotate --out X.h5ad.
  std::string version() const {
    if (obs_->is_records()) return "anndata 0.6 h5ad";
    const bool is_current = root_.text_attribute("encoding-type").value_or("") == "anndata";
    return is_current ? "h5ad (anndata 0.8 or newer)" : "h5ad (anndata 0.7)";
  }

  CountMatrix read_matrix(std::int64_t first, std::int64_t end) {
    CountMatrix counts = matrix_->read(first, end);
    refuse_negative(counts, first, {path_, slot_.slot, names_of(slots_)});
    validate(counts, path_ + ": '" + slot_.slot + "'");
    return counts;
  }

  const CountMatrix& kept(std::int64_t first, std::int64_t end) {
    return last_read_.of(first, end, [this](std::int64_t from, std::int64_t to) { return read_matrix(from, to); });
  }

  std::string path_;
  std::string format_;
  Group root_;
  std::vector<Slot> slots_;
  std::optional<H5adTable> obs_;
  Slot slot_;
  std::unique_ptr<H5adMatrix> matrix_;
  FeatureSplit split_;
  ObsmFeatures obsm_;
  std::vector<OtherFeatures> other_features_;  // those of the matrix, then those of obsm
  GeneVocabulary genes_;
  LastRead last_read_;  // where not all features are genes
};

}  // namespace

std::unique_ptr<CountsReader> open_h5ad(const std::string& path, const OpenCountsOptions& options) {
  return open_h5ad(path, hdf5::open_file(path), options);
}

std::unique_ptr<CountsReader> open_h5ad(const std::string& path, hdf5::Group root, const OpenCountsOptions& options) {
  return std::make_unique<H5adReader>(path, std::move(root), options);
}

}  // namespace plkd

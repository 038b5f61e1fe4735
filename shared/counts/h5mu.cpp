#include "shared/counts/h5mu.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "shared/counts/h5ad.h"
#include "shared/counts/h5ad_table.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {
namespace {

using hdf5::Group;

constexpr const char* kRewrite = "the file is damaged: write it again with muon";

// One modality: its own cells, and which of them each cell of the whole is.
struct Part {
  Modality modality = Modality::Rna;
  std::string name;
  std::shared_ptr<CountsReader> reader;
  std::vector<std::int64_t> row;  // [cells of the whole], -1 for a cell it lacks; empty when they are the same
};

std::vector<std::int64_t> rows_of(const Group& root, const std::string& name, const CountsReader& reader, std::int64_t cells) {
  std::vector<std::int64_t> row;
  if (root.has_group("obsmap") && root.group("obsmap").has_dataset(name)) {
    const hdf5::Dataset map = root.group("obsmap").dataset(name);
    if (map.length() != cells) map.fail("has " + std::to_string(map.length()) + " entries for " + std::to_string(cells) + " cells", kRewrite);
    for (const std::int64_t place : map.read_int64(0, cells)) {  // from 1; 0 for a cell that is not there
      if (place < 0 || place > reader.cells()) map.fail("refers to cell " + std::to_string(place) + " of " + std::to_string(reader.cells()), kRewrite);
      row.push_back(place - 1);
    }
    bool is_same = reader.cells() == cells;
    for (std::int64_t cell = 0; cell < cells && is_same; ++cell) is_same = row[static_cast<std::size_t>(cell)] == cell;
    return is_same ? std::vector<std::int64_t>() : row;
  }
  if (reader.cells() != cells)
    root.fail("modality '" + name + "' has " + std::to_string(reader.cells()) + " cells of " + std::to_string(cells) + " and no map of them",
              kRewrite);
  return row;
}

CountMatrix read_rows(const std::vector<std::int64_t>& row, std::int64_t first, std::int64_t end,
                      const std::function<CountMatrix(std::int64_t, std::int64_t)>& read) {
  if (row.empty()) return read(first, end);
  std::int64_t lowest = -1, highest = -1;
  for (std::int64_t cell = first; cell < end; ++cell) {
    const std::int64_t here = row[static_cast<std::size_t>(cell)];
    if (here < 0) continue;
    lowest = lowest < 0 ? here : std::min(lowest, here);
    highest = std::max(highest, here);
  }
  const CountMatrix source = lowest < 0 ? read(0, 0) : read(lowest, highest + 1);
  CountMatrix counts;
  counts.genes = source.genes;
  for (std::int64_t cell = first; cell < end; ++cell) {
    const std::int64_t here = row[static_cast<std::size_t>(cell)];
    if (here >= 0) {
      const auto from = source.row_begin[static_cast<std::size_t>(here - lowest)], to = source.row_begin[static_cast<std::size_t>(here - lowest + 1)];
      counts.gene.insert(counts.gene.end(), source.gene.data() + from, source.gene.data() + to);
      counts.count.insert(counts.count.end(), source.count.data() + from, source.count.data() + to);
    }
    counts.row_begin.push_back(counts.entries());
  }
  return counts;
}

class H5muReader : public CountsReader {
 public:
  H5muReader(const std::string& path, const OpenCountsOptions& options) : path_(path), root_(hdf5::open_file(path)), obs_(root_, "obs") {
    const Group mod = root_.group("mod");
    for (const std::string& name : mod.names()) {
      const std::optional<Modality> modality = modality_of_type(name);
      if (!modality || !mod.has_group(name)) continue;
      // The slot is one of the genes' matrices.
      OpenCountsOptions open = options;
      if (*modality != Modality::Rna) open.slot.clear();
      open.modalities["X"] = *modality;
      Part part{*modality, name, open_h5ad(path, mod.group(name), open), {}};
      part.row = rows_of(root_, name, *part.reader, cells());
      add(std::move(part));
    }
    if (!genes_of_ && others_.empty())
      root_.fail("has none of the modalities that are read: its parts are " + quoted_list(mod.names()),
                 "call the genes 'rna', the proteins 'prot' and the peaks 'atac'");
    format_ = "h5mu" + (genes_of_ ? ", genes: " + genes_of_->reader->format() : std::string(", no genes"));
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::vector<std::string> slots() const override { return genes_of_ ? genes_of_->reader->slots() : std::vector<std::string>(); }
  std::string slot() const override { return genes_of_ ? genes_of_->reader->slot() : ""; }
  std::int64_t cells() const override { return obs_.rows(); }
  const GeneVocabulary& genes() const override { return genes_of_ ? genes_of_->reader->genes() : no_genes_; }
  std::vector<GeneNames> other_gene_names() const override {
    return genes_of_ ? genes_of_->reader->other_gene_names() : std::vector<GeneNames>();
  }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    if (genes_of_)
      return read_rows(genes_of_->row, first, end, [&](std::int64_t from, std::int64_t to) { return genes_of_->reader->read(from, to); });
    CountMatrix nothing;
    nothing.row_begin.assign(static_cast<std::size_t>(end - first) + 1, 0);
    return nothing;
  }

  const std::vector<OtherFeatures>& other_features() const override { return other_features_; }

  CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    const Part& part = others_.at(which).first;
    const std::size_t within = others_[which].second;
    return read_rows(part.row, first, end,
                     [&](std::int64_t from, std::int64_t to) { return part.reader->read_other(within, from, to); });
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return obs_.row_names(first, end);
  }

  std::vector<std::string> column_names() const override { return obs_.column_names(); }

  CellColumn column(const std::string& name) override {
    if (!obs_.has_column(name)) fail_without_column(*this, name);
    return obs_.column(name);
  }

 private:
  void add(Part part) {
    const std::vector<OtherFeatures>& own = part.reader->other_features();
    for (std::size_t within = 0; within < own.size(); ++within) {
      other_features_.push_back({own[within].modality, "mod:" + part.name, own[within].names});
      others_.emplace_back(part, within);
    }
    if (part.modality == Modality::Rna && !genes_of_) genes_of_ = std::move(part);
  }

  std::string path_;
  std::string format_;
  Group root_;
  H5adTable obs_;
  std::optional<Part> genes_of_;
  std::vector<std::pair<Part, std::size_t>> others_;
  std::vector<OtherFeatures> other_features_;
  GeneVocabulary no_genes_;
};

}  // namespace

bool is_h5mu(const Group& root) { return root.has_group("mod") && root.has_group("obs"); }

std::unique_ptr<CountsReader> open_h5mu(const std::string& path, const OpenCountsOptions& options) {
  return std::make_unique<H5muReader>(path, options);
}

}  // namespace plkd

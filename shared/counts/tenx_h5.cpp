#include "shared/counts/tenx_h5.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "shared/counts/feature_split.h"
#include "shared/counts/h5ad_matrix.h"
#include "shared/counts/utf8.h"
#include "shared/error.h"
#include "shared/text.h"

namespace plkd {
namespace {

using hdf5::Group;

constexpr const char* kVersion3 = "matrix";
constexpr const char* kGenes = "Gene Expression";
constexpr const char* kOtherGenome = "another genome";
constexpr const char* kDamaged = "the file is damaged: copy it again or run Cell Ranger's last step again";

bool is_version_2(const Group& group) {
  return group.has_dataset("barcodes") && group.has_dataset("genes") && group.has_dataset("indptr");
}

std::vector<std::string> genome_groups_of(const Group& root) {
  std::vector<std::string> genomes;
  for (const std::string& name : root.names())
    if (root.has_group(name) && is_version_2(root.group(name))) genomes.push_back(name);
  return genomes;
}

std::vector<std::string> texts_in(const Group& group, const std::string& name) {
  const hdf5::Dataset texts = group.dataset(name);
  std::vector<std::string> all = texts.read_texts(0, texts.length());
  for (const std::string& text : all)
    if (!is_utf8(text)) texts.fail("holds a name that is not UTF-8 text", kDamaged);
  return all;
}

// Features in the file's order, of all matrices that are read together.
struct FeatureList {
  std::vector<std::string> id;
  std::vector<std::string> name;
  std::vector<std::string> type;
  std::vector<std::string> genome;  // empty where the file does not say
};

void append(FeatureList& all, const Group& from, const FeatureList& more) {
  if (more.name.size() != more.id.size() || more.type.size() != more.id.size() || more.genome.size() != more.id.size())
    from.fail("has " + std::to_string(more.id.size()) + " features but their names, types or genomes are not as many", kDamaged);
  const auto append_texts = [](std::vector<std::string>& texts, const std::vector<std::string>& others) {
    texts.insert(texts.end(), others.begin(), others.end());
  };
  append_texts(all.id, more.id);
  append_texts(all.name, more.name);
  append_texts(all.type, more.type);
  append_texts(all.genome, more.genome);
}

FeatureList features_of_version_3(const Group& matrix) {
  const Group features = matrix.group("features");
  FeatureList list{texts_in(features, "id"), texts_in(features, "name"), texts_in(features, "feature_type"), {}};
  if (features.has_dataset("genome")) list.genome = texts_in(features, "genome");
  else list.genome.resize(list.id.size());
  return list;
}

FeatureList features_of_version_2(const Group& matrix, const std::string& genome) {
  FeatureList list{texts_in(matrix, "genes"), texts_in(matrix, "gene_names"), {}, {}};
  list.type.resize(list.id.size(), kGenes);
  list.genome.resize(list.id.size(), genome);
  return list;
}

// "mm10_Cd3d" and "mm10___Cd3d", as Cell Ranger names genes where there are several genomes.
bool has_prefix(const std::string& text, const std::string& genome) {
  return !genome.empty() && text.size() > genome.size() && text.rfind(genome, 0) == 0 && text[genome.size()] == '_';
}

// Takes the genome off the names of all its features, or of none.
void drop_prefixes(std::vector<std::string>& texts, const std::vector<std::string>& genome) {
  std::set<std::string> without;
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (!has_prefix(texts[row], genome[row])) without.insert(genome[row]);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (without.count(genome[row]) > 0) continue;
    const std::size_t begin = texts[row].find_first_not_of('_', genome[row].size());
    if (begin != std::string::npos) texts[row].erase(0, begin);
  }
}

// The genomes of the genes, in the file's order.
std::vector<std::string> genomes_of(const FeatureList& features) {
  std::vector<std::string> genomes;
  for (std::size_t row = 0; row < features.id.size(); ++row) {
    const std::string& genome = features.genome[row];
    if (features.type[row] != kGenes || genome.empty()) continue;
    if (std::find(genomes.begin(), genomes.end(), genome) == genomes.end()) genomes.push_back(genome);
  }
  return genomes;
}

class TenxReader : public CountsReader {
 public:
  TenxReader(const std::string& path, const std::string& wanted) : path_(path), root_(hdf5::open_file(path)) {
    const bool is_version_3 = root_.has_group(kVersion3);
    FeatureList features;
    if (is_version_3)
      open_matrix(kVersion3, features_of_version_3(root_.group(kVersion3)), features);
    else
      for (const std::string& genome : genomes_to_read(wanted))
        open_matrix(genome, features_of_version_2(root_.group(genome), genome), features);
    const std::vector<std::string> genomes = genomes_of(features);
    if (!wanted.empty()) check_genome(wanted, genomes);
    slots_ = is_version_3 ? genomes : genome_groups_of(root_);
    slot_ = wanted;
    drop_prefixes(features.id, features.genome);
    drop_prefixes(features.name, features.genome);
    format_ = "10x HDF5 (Cell Ranger " + std::string(is_version_3 ? "3 or newer)" : "2)");
    if (!wanted.empty() || !is_version_3 || genomes.size() > 1)
      format_ += (wanted.empty() && genomes.size() > 1 ? ", genomes " : ", genome ") + quoted_list(wanted.empty() ? genomes : std::vector{wanted});
    sort_features(std::move(features), wanted);
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::vector<std::string> slots() const override { return slots_; }
  std::string slot() const override { return slot_; }
  std::int64_t cells() const override { return barcodes_->length(); }
  const GeneVocabulary& genes() const override { return genes_; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    if (split_.is_all_genes()) return read_features(first, end);
    return split_.genes_of(kept(first, end));
  }

  const std::vector<OtherFeatures>& other_features() const override { return split_.others(); }

  CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return split_.other_of(which, kept(first, end));
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return barcodes_->read_texts(first, end - first);
  }

  std::vector<std::string> column_names() const override { return {}; }

  CellColumn column(const std::string& name) override { fail_without_column(*this, name); }

 private:
  // One group of the file: of version 2 there is one for each genome, all of the same cells.
  struct Matrix {
    std::size_t first_feature = 0;  // in the list of all
    std::unique_ptr<H5adMatrix> counts;  // [cells x features]
  };

  // Those of version 2.
  std::vector<std::string> genomes_to_read(const std::string& wanted) const {
    const std::vector<std::string> genomes = genome_groups_of(root_);
    if (!wanted.empty()) {
      check_genome(wanted, genomes);
      return {wanted};
    }
    const auto barcodes = [&](const std::string& genome) { return texts_in(root_.group(genome), "barcodes"); };
    for (const std::string& genome : genomes)
      if (genome != genomes.front() && barcodes(genome) != barcodes(genomes.front()))
        root_.fail("holds several genomes, each with cells of its own", "choose one as the slot: " + quoted_list(genomes));
    return genomes;
  }

  void check_genome(const std::string& wanted, const std::vector<std::string>& genomes) const {
    if (std::find(genomes.begin(), genomes.end(), wanted) != genomes.end()) return;
    root_.fail("has no genome '" + wanted + "'", genomes.empty() ? "it names none: leave the slot out" : "it has " + quoted_list(genomes));
  }

  void open_matrix(const std::string& name, const FeatureList& own, FeatureList& all) {
    const Group group = root_.group(name);
    const std::size_t first = all.id.size();
    append(all, group, own);
    if (!barcodes_) barcodes_.emplace(group.dataset("barcodes"));
    matrices_.push_back({first, open_h5ad_matrix(root_, name, {cells(), static_cast<std::int64_t>(own.id.size())})});
  }

  // Which features are genes that were asked for, and what else there is.
  void sort_features(FeatureList features, const std::string& wanted) {
    for (std::size_t row = 0; row < features.id.size(); ++row)
      if (features.type[row] == kGenes && !wanted.empty() && features.genome[row] != wanted) features.type[row] = kOtherGenome;
    split_ = FeatureSplit(features.name, features.type);
    for (const std::int32_t row : split_.genes()) {
      const auto at = static_cast<std::size_t>(row);
      genes_.symbol.push_back(features.name[at]);
      genes_.id.push_back(looks_like_ensembl_id(features.id[at]) ? features.id[at] : "");
    }
    format_ += split_.left_out();
  }

  // Over all features of all matrices.
  CountMatrix read_features(std::int64_t first, std::int64_t end) {
    CountMatrix counts = matrices_.front().counts->read(first, end);
    for (std::size_t k = 1; k < matrices_.size(); ++k) {
      CountMatrix more = matrices_[k].counts->read(first, end);
      for (std::int32_t& feature : more.gene) feature += static_cast<std::int32_t>(matrices_[k].first_feature);
      more.genes += static_cast<std::int64_t>(matrices_[k].first_feature);
      counts = beside(counts, more);
    }
    validate(counts, path_);
    return counts;
  }

  const CountMatrix& kept(std::int64_t first, std::int64_t end) {
    return last_read_.of(first, end, [this](std::int64_t from, std::int64_t to) { return read_features(from, to); });
  }

  std::string path_;
  std::string format_;
  Group root_;
  std::vector<std::string> slots_;  // genomes
  std::string slot_;
  std::optional<hdf5::Dataset> barcodes_;  // 10x's columns, our cells
  std::vector<Matrix> matrices_;
  FeatureSplit split_;
  GeneVocabulary genes_;
  LastRead last_read_;  // where not all features are genes
};

}  // namespace

bool is_tenx_h5(const Group& root) {
  return root.has_group(kVersion3) || !genome_groups_of(root).empty();
}

std::unique_ptr<CountsReader> open_tenx_h5(const std::string& path, const OpenCountsOptions& options) {
  return std::make_unique<TenxReader>(path, options.slot);
}

}  // namespace plkd

#include "shared/counts/tell_by_names.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "shared/counts/feature_split.h"

namespace plkd {

namespace {

std::vector<std::string> names_of(const GeneVocabulary& genes) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < genes.symbol.size(); ++at)
    names.push_back(genes.symbol[at].empty() ? genes.id[at] : genes.symbol[at]);
  return names;
}

class WithoutGenes : public CountsReader {
 public:
  WithoutGenes(std::unique_ptr<CountsReader> reader, OtherFeatures features)
      : reader_(std::move(reader)),
        features_{std::move(features)},
        format_(reader_->format() + ", no genes") {}

  const std::string& path() const override { return reader_->path(); }
  const std::string& format() const override { return format_; }
  std::vector<std::string> slots() const override { return reader_->slots(); }
  std::string slot() const override { return reader_->slot(); }
  std::int64_t cells() const override { return reader_->cells(); }
  const GeneVocabulary& genes() const override { return no_genes_; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    CountMatrix nothing;
    nothing.row_begin.assign(static_cast<std::size_t>(end - first) + 1, 0);
    return nothing;
  }

  const std::vector<OtherFeatures>& other_features() const override { return features_; }
  CountMatrix read_other(std::size_t, std::int64_t first, std::int64_t end) override {
    return reader_->read(first, end);
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    return reader_->cell_names(first, end);
  }
  nlohmann::json index() const override { return reader_->index(); }
  std::vector<std::string> column_names() const override { return reader_->column_names(); }
  CellColumn column(const std::string& name) override { return reader_->column(name); }

 private:
  std::unique_ptr<CountsReader> reader_;
  std::vector<OtherFeatures> features_;
  std::string format_;
  GeneVocabulary no_genes_;
};

}  // namespace

std::unique_ptr<CountsReader> tell_by_names(std::unique_ptr<CountsReader> reader) {
  std::vector<std::string> names = names_of(reader->genes());
  const Modality modality = modality_by_names(names);
  if (modality == Modality::Rna) return reader;
  return std::make_unique<WithoutGenes>(std::move(reader),
                                        OtherFeatures{modality, "the table", std::move(names)});
}

}  // namespace plkd

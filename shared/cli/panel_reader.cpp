#include "shared/cli/panel_reader.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace plkd {

namespace {

class PanelReader : public CountsReader {
 public:
  PanelReader(std::unique_ptr<CountsReader> whole, const std::vector<std::int32_t>& genes)
      : whole_(std::move(whole)), genes_(select_genes(whole_->genes(), genes)),
        place_(static_cast<std::size_t>(whole_->genes().size()), -1) {
    for (std::size_t at = 0; at < genes.size(); ++at) place_[static_cast<std::size_t>(genes[at])] = static_cast<std::int32_t>(at);
  }

  const std::string& path() const override { return whole_->path(); }
  const std::string& format() const override { return whole_->format(); }
  std::int64_t cells() const override { return whole_->cells(); }
  const GeneVocabulary& genes() const override { return genes_; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    const CountMatrix all = whole_->read(first, end);
    CountMatrix panel;
    panel.genes = genes_.size();
    for (std::size_t cell = 0; cell + 1 < all.row_begin.size(); ++cell) {
      for (auto entry = static_cast<std::size_t>(all.row_begin[cell]); entry < static_cast<std::size_t>(all.row_begin[cell + 1]);
           ++entry) {
        const std::int32_t gene = place_[static_cast<std::size_t>(all.gene[entry])];
        if (gene < 0) continue;
        panel.gene.push_back(gene);
        panel.count.push_back(all.count[entry]);
      }
      panel.row_begin.push_back(panel.entries());
    }
    return panel;
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override { return whole_->cell_names(first, end); }
  std::vector<std::string> column_names() const override { return whole_->column_names(); }
  CellColumn column(const std::string& name) override { return whole_->column(name); }

 private:
  std::unique_ptr<CountsReader> whole_;
  GeneVocabulary genes_;
  std::vector<std::int32_t> place_;  // [genes of the whole], among the panel's or -1
};

}  // namespace

std::unique_ptr<CountsReader> open_panel(std::unique_ptr<CountsReader> whole, double share, std::uint64_t seed) {
  std::vector<std::int32_t> genes(static_cast<std::size_t>(whole->genes().size()));
  std::iota(genes.begin(), genes.end(), 0);
  std::mt19937_64 rng(seed);
  std::shuffle(genes.begin(), genes.end(), rng);
  const double kept = std::max(1.0, share * static_cast<double>(genes.size()));
  genes.resize(std::min(genes.size(), static_cast<std::size_t>(kept)));
  std::sort(genes.begin(), genes.end());
  return std::make_unique<PanelReader>(std::move(whole), genes);
}

}  // namespace plkd

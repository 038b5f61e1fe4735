#include "shared/counts/mtx.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "shared/counts/feature_table.h"
#include "shared/counts/mtx_entries.h"
#include "shared/counts/row_builder.h"
#include "shared/counts/tenx_files.h"

namespace plkd {
namespace {

constexpr std::int64_t kCellsPerBookmark = 64;

class MtxReader : public CountsReader {
 public:
  MtxReader(const std::string& path, const nlohmann::json* index)
      : path_(path),
        files_(find_tenx_files(path)),
        entries_(files_.matrix),
        features_(read_features(files_.genes, entries_.rows())),
        barcodes_(read_barcodes(files_.barcodes, entries_.cells())) {
    check_sizes();
    index ? take_index(*index) : scan();
    if (!is_sorted_) load_whole();
    format_ = std::string("10x MatrixMarket, ") + (is_sorted_ ? "read as a stream" : "not sorted by cell, read whole") + features_.split.left_out();
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::int64_t cells() const override { return entries_.cells(); }
  const GeneVocabulary& genes() const override { return features_.genes; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    if (features_.split.is_all_genes()) return read_rows(first, end);
    return features_.split.genes_of(kept(first, end));
  }

  const std::vector<OtherFeatures>& other_features() const override { return features_.split.others(); }

  CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return features_.split.other_of(which, kept(first, end));
  }

  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    check_range(*this, first, end);
    return {barcodes_.names.data() + first, barcodes_.names.data() + end};
  }

  nlohmann::json index() const override {
    if (!is_sorted_) return nullptr;
    nlohmann::json bookmarks = nlohmann::json::array();
    for (const Bookmark& mark : bookmarks_) bookmarks.push_back({mark.cell, mark.place});
    return {{"bookmarks", std::move(bookmarks)}, {"marks", entries_.marks()}};
  }

  std::vector<std::string> column_names() const override { return {}; }

  CellColumn column(const std::string& name) override { fail_without_column(*this, name); }

 private:
  // Where the entries of a cell start, so that any range can be reached without parsing all before it.
  struct Bookmark {
    std::int64_t cell = 0;
    TextLines::Place place;
  };

  void check_sizes() const {
    const std::int64_t rows = features_.lines;
    const std::int64_t barcodes = barcodes_.lines;
    if (entries_.rows() == rows && entries_.cells() == barcodes) return;
    const std::string sizes = std::to_string(entries_.rows()) + " x " + std::to_string(entries_.cells());
    if (entries_.rows() == barcodes && entries_.cells() == rows) {
      entries_.fail("the matrix is cells x genes (" + sizes + "), 10x writes genes x cells",
                    "transpose it: scipy.io.mmwrite('matrix.mtx', counts.T)");
    }
    entries_.fail("the matrix is " + sizes + " but " + files_.genes + " has " + std::to_string(rows) + " lines and " +
                      files_.barcodes + " has " + std::to_string(barcodes),
                  "are the three files from one run?");
  }

  // One pass over the file: checks every line, finds out whether it is sorted by cell, sets bookmarks.
  void scan() {
    bookmarks_.push_back({0, entries_.start()});
    std::int64_t seen = 0;
    std::int64_t last_cell = 0;
    while (const MtxRun* run = entries_.next()) {
      if (run->cell < last_cell) is_sorted_ = false;
      if (run->cell > last_cell && run->cell >= bookmarks_.back().cell + kCellsPerBookmark) {
        bookmarks_.push_back({run->cell, run->place});
      }
      last_cell = run->cell;
      seen += static_cast<std::int64_t>(run->row.size());
    }
    if (seen > entries_.entries()) {
      entries_.fail("the file goes on after the " + std::to_string(entries_.entries()) + " entries of its header",
                    "it is damaged: copy or write it again");
    }
    if (seen < entries_.entries()) {
      entries_.fail("the file ends after " + std::to_string(seen) + " of " + std::to_string(entries_.entries()) +
                        " entries", "it was cut short: copy or download it again");
    }
    position_ = cells();
  }

  void take_index(const nlohmann::json& index) {
    for (const nlohmann::json& mark : index.at("bookmarks")) bookmarks_.push_back({mark.at(0), mark.at(1)});
    entries_.take_marks(index.at("marks"));
  }

  // Over all rows of the matrix, whatever they are.
  CountMatrix read_rows(std::int64_t first, std::int64_t end) {
    CountMatrix counts = is_sorted_ ? stream(first, end) : select_cells(whole_, first, end);
    validate(counts, files_.matrix);
    return counts;
  }

  const CountMatrix& kept(std::int64_t first, std::int64_t end) {
    return last_read_.of(first, end, [this](std::int64_t from, std::int64_t to) { return read_rows(from, to); });
  }

  CountMatrix stream(std::int64_t first, std::int64_t end) {
    CountMatrix counts;
    counts.genes = entries_.rows();
    RowBuilder rows(counts);
    std::vector<std::int32_t> gene;
    std::vector<float> count;
    go_to(first);
    const MtxRun* run = pending_ ? pending_ : entries_.next();
    while (run && run->cell < first) run = entries_.next();
    for (std::int64_t cell = first; cell < end; ++cell) {
      gene.clear();
      count.clear();
      for (; run && run->cell == cell; run = entries_.next()) append(*run, gene, count);
      rows.append(gene, count);
    }
    pending_ = run;
    position_ = end;
    return counts;
  }

  static void append(const MtxRun& run, std::vector<std::int32_t>& gene, std::vector<float>& count) {
    gene.insert(gene.end(), run.row.begin(), run.row.end());
    count.insert(count.end(), run.count.begin(), run.count.end());
  }

  // Makes the next run one of a cell not after `first`: goes on where the last range ended, or to a bookmark.
  void go_to(std::int64_t first) {
    const auto after = std::upper_bound(bookmarks_.begin(), bookmarks_.end(), first,
                                        [](std::int64_t cell, const Bookmark& mark) { return cell < mark.cell; });
    const Bookmark& mark = *(after - 1);
    if (position_ <= first && mark.cell <= position_) return;
    entries_.seek(mark.place);
    pending_ = nullptr;
  }

  void load_whole() {
    struct Entry {
      std::int32_t cell;
      std::int32_t gene;
      float count;
    };
    std::vector<Entry> all;
    entries_.seek(entries_.start());
    std::vector<std::int32_t> gene;
    std::vector<float> count;
    while (const MtxRun* run = entries_.next()) {
      gene.clear();
      count.clear();
      append(*run, gene, count);
      for (std::size_t k = 0; k < gene.size(); ++k) all.push_back({run->cell, gene[k], count[k]});
    }
    std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.cell < b.cell; });
    whole_.genes = entries_.rows();
    RowBuilder rows(whole_);
    std::size_t k = 0;
    for (std::int64_t cell = 0; cell < cells(); ++cell) {
      gene.clear();
      count.clear();
      for (; k < all.size() && all[k].cell == cell; ++k) {
        gene.push_back(all[k].gene);
        count.push_back(all[k].count);
      }
      rows.append(gene, count);
    }
  }

  std::string path_;
  std::string format_;
  TenxFiles files_;
  MtxEntries entries_;
  FeatureTable features_;
  BarcodeTable barcodes_;
  LastRead last_read_;  // where not all rows are genes
  std::vector<Bookmark> bookmarks_;
  bool is_sorted_ = true;
  std::int64_t position_ = 0;          // all entries of cells before it are read, none of it or later but `pending_`
  const MtxRun* pending_ = nullptr;  // read, but of a later cell
  CountMatrix whole_;                  // of a file that is not sorted
};

}  // namespace

std::unique_ptr<CountsReader> open_mtx(const std::string& path, const nlohmann::json* index) {
  return std::make_unique<MtxReader>(path, index);
}

}  // namespace plkd

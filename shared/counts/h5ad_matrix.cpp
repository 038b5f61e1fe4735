#include "shared/counts/h5ad_matrix.h"

#include "shared/counts/row_builder.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace plkd {
namespace {

using hdf5::Dataset;
using hdf5::Group;

constexpr const char* kDamaged = "the file is damaged: write it again, or take another slot";
constexpr std::int64_t kSample = 4096;                // values in each of three places
constexpr std::int64_t kDenseBlock = 4 << 20;         // values of a dense matrix held at once
constexpr std::int64_t kPassBlock = 1 << 20;          // entries of a CSC matrix read at once

std::string describe(const MatrixShape& shape) {
  return std::to_string(shape.cells) + " cells x " + std::to_string(shape.genes) + " genes";
}

// Firsts of up to three ranges of `length` that cover start, middle and end of `total`.
std::vector<std::int64_t> sample_starts(std::int64_t total, std::int64_t length) {
  if (total <= 3 * length) return {0};
  return {0, (total - length) / 2, total - length};
}

// A sparse matrix's three lists. "Major" is the dimension that indptr runs along: cells in CSR, genes in CSC.
struct SparseLists {
  Dataset begin;   // indptr [major + 1]
  Dataset index;   // indices [entries]
  Dataset value;   // data [entries]
  std::int64_t major = 0;
  std::int64_t minor = 0;

  std::int64_t entries() const { return value.length(); }
};

SparseLists open_lists(const Group& group, std::int64_t major, std::int64_t minor) {
  SparseLists lists{group.dataset("indptr"), group.dataset("indices"), group.dataset("data"), major, minor};
  if (lists.begin.length() != major + 1) {
    lists.begin.fail("has " + std::to_string(lists.begin.length()) + " values where " + std::to_string(major + 1) +
                         " are expected", kDamaged);
  }
  if (lists.index.length() != lists.value.length()) {
    lists.index.fail("has " + std::to_string(lists.index.length()) + " values but 'data' has " +
                         std::to_string(lists.value.length()), kDamaged);
  }
  return lists;
}

// indptr[first .. end], checked: inside the entries and never descending.
std::vector<std::int64_t> read_begin(const SparseLists& lists, std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> begin = lists.begin.read_int64(first, end - first + 1);
  for (std::size_t i = 0; i < begin.size(); ++i) {
    const bool is_inside = begin[i] >= 0 && begin[i] <= lists.entries();
    if (is_inside && (i == 0 || begin[i - 1] <= begin[i])) continue;
    lists.begin.fail("does not ascend at position " + std::to_string(first + static_cast<std::int64_t>(i)), kDamaged);
  }
  return begin;
}

void check_indices(const SparseLists& lists, const std::vector<std::int32_t>& index) {
  for (const std::int32_t i : index) {
    if (i >= 0 && i < lists.minor) continue;
    lists.index.fail("holds " + std::to_string(i) + ", which is outside 0 to " + std::to_string(lists.minor - 1),
                     kDamaged);
  }
}

// As a CountMatrix has them, and nearly every file: nothing to sort, to sum or to drop.
bool is_in_order(const std::vector<std::int64_t>& begin, const std::vector<std::int32_t>& gene, const std::vector<float>& count) {
  for (std::size_t cell = 0; cell + 1 < begin.size(); ++cell) {
    const auto end = static_cast<std::size_t>(begin[cell + 1] - begin[0]);
    for (auto entry = static_cast<std::size_t>(begin[cell] - begin[0]) + 1; entry < end; ++entry)
      if (gene[entry - 1] >= gene[entry]) return false;
  }
  return std::find(count.begin(), count.end(), 0.0f) == count.end();
}

std::vector<float> sample_values(const Dataset& values) {
  std::vector<float> sample;
  for (const std::int64_t start : sample_starts(values.length(), kSample)) {
    const std::int64_t end = start == 0 && values.length() <= 3 * kSample ? values.length() : start + kSample;
    const std::vector<float> part = values.read_floats(start, end - start);
    sample.insert(sample.end(), part.begin(), part.end());
  }
  return sample;
}

class CsrMatrix : public H5adMatrix {
 public:
  CsrMatrix(const Group& group, const MatrixShape& shape) : lists_(open_lists(group, shape.cells, shape.genes)) {}

  const std::string& encoding() const override { return encoding_; }
  std::vector<float> sample() const override { return sample_values(lists_.value); }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    std::vector<std::int64_t> begin = read_begin(lists_, first, end);
    std::vector<std::int32_t> gene = lists_.index.read_int32(begin.front(), begin.back() - begin.front());
    std::vector<float> count = lists_.value.read_floats(begin.front(), begin.back() - begin.front());
    check_indices(lists_, gene);
    CountMatrix matrix;
    matrix.genes = lists_.minor;
    if (is_in_order(begin, gene, count)) {
      matrix.row_begin = std::move(begin);
      for (std::size_t cell = matrix.row_begin.size(); cell-- > 0;) matrix.row_begin[cell] -= matrix.row_begin[0];
      matrix.gene = std::move(gene);
      matrix.count = std::move(count);
      return matrix;
    }
    matrix.gene.reserve(gene.size());
    matrix.count.reserve(gene.size());
    RowBuilder rows(matrix);
    for (std::size_t cell = 0; cell + 1 < begin.size(); ++cell) {
      const auto offset = static_cast<std::size_t>(begin[cell] - begin[0]);
      const auto size = static_cast<std::size_t>(begin[cell + 1] - begin[cell]);
      rows.append(std::span(gene).subspan(offset, size), std::span(count).subspan(offset, size));
    }
    return matrix;
  }

 private:
  std::string encoding_ = "csr_matrix";
  SparseLists lists_;
};

// Genes are together in the file, cells are not: a window of cells costs a pass over all entries, so a window is as
// large as memory allows and is kept for the slices that follow.
class CscMatrix : public H5adMatrix {
 public:
  CscMatrix(const Group& group, const MatrixShape& shape, std::int64_t window)
      : lists_(open_lists(group, shape.genes, shape.cells)), window_entries_(window) {
    begin_ = read_begin(lists_, 0, shape.genes);
  }

  const std::string& encoding() const override { return encoding_; }
  std::vector<float> sample() const override { return sample_values(lists_.value); }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    if (first < window_first_ || end > window_first_ + window_.cells()) load_window(first, end);
    CountMatrix matrix;
    matrix.genes = window_.genes;
    RowBuilder rows(matrix);
    for (std::int64_t cell = first - window_first_; cell < end - window_first_; ++cell) {
      const auto offset = static_cast<std::size_t>(window_.row_begin[static_cast<std::size_t>(cell)]);
      const auto size = static_cast<std::size_t>(window_.row_begin[static_cast<std::size_t>(cell + 1)]) - offset;
      rows.append(std::span(window_.gene).subspan(offset, size), std::span(window_.count).subspan(offset, size));
    }
    return matrix;
  }

 private:
  std::int64_t window_cells() const {
    const std::int64_t per_cell = std::max<std::int64_t>(1, lists_.entries() / std::max<std::int64_t>(1, lists_.minor));
    return std::max<std::int64_t>(1, window_entries_ / per_cell);
  }

  // Entries of cells [first, end) as the file has them: a row is a gene.
  CountMatrix collect(std::int64_t first, std::int64_t end) const {
    CountMatrix found;
    found.genes = end - first;
    const auto end_genes = [&](std::int64_t entry) {
      while (found.cells() < lists_.major && begin_[static_cast<std::size_t>(found.cells()) + 1] <= entry)
        found.row_begin.push_back(found.entries());
    };
    for (std::int64_t start = begin_.front(); start < begin_.back(); start += kPassBlock) {
      const std::int64_t count = std::min(kPassBlock, begin_.back() - start);
      const std::vector<std::int32_t> cells = lists_.index.read_int32(start, count);
      const std::vector<float> values = lists_.value.read_floats(start, count);
      check_indices(lists_, cells);
      for (std::size_t k = 0; k < cells.size(); ++k) {
        if (cells[k] < first || cells[k] >= end) continue;
        end_genes(start + static_cast<std::int64_t>(k));
        found.gene.push_back(static_cast<std::int32_t>(cells[k] - first));
        found.count.push_back(values[k]);
      }
    }
    end_genes(begin_.back());
    return found;
  }

  void load_window(std::int64_t first, std::int64_t end) {
    end = std::max(end, std::min(lists_.minor, first + window_cells()));
    window_ = CountMatrix();
    window_ = transpose(collect(first, end));
    window_first_ = first;
  }

  std::string encoding_ = "csc_matrix";
  SparseLists lists_;
  std::int64_t window_entries_;
  std::vector<std::int64_t> begin_;  // [genes + 1]
  CountMatrix window_;
  std::int64_t window_first_ = 0;
};

class DenseMatrix : public H5adMatrix {
 public:
  DenseMatrix(Dataset values, const MatrixShape& shape) : values_(std::move(values)), shape_(shape) {}

  const std::string& encoding() const override { return encoding_; }

  std::vector<float> sample() const override {
    std::vector<float> sample;
    for (const std::int64_t start : sample_starts(shape_.cells, 8)) {
      const std::vector<float> part = values_.read_rows(start, std::min<std::int64_t>(8, shape_.cells - start));
      sample.insert(sample.end(), part.begin(), part.end());
    }
    return sample;
  }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    CountMatrix matrix;
    matrix.genes = shape_.genes;
    const std::int64_t at_once = std::max<std::int64_t>(1, kDenseBlock / std::max<std::int64_t>(1, shape_.genes));
    for (std::int64_t start = first; start < end; start += at_once) {
      const std::int64_t cells = std::min(at_once, end - start);
      const std::vector<float> block = values_.read_rows(start, cells);
      for (std::int64_t cell = 0; cell < cells; ++cell) append_cell(matrix, block, cell);
    }
    return matrix;
  }

 private:
  void append_cell(CountMatrix& matrix, const std::vector<float>& block, std::int64_t cell) const {
    const std::size_t offset = static_cast<std::size_t>(cell * shape_.genes);
    for (std::int64_t gene = 0; gene < shape_.genes; ++gene) {
      const float value = block[offset + static_cast<std::size_t>(gene)];
      if (value == 0) continue;
      matrix.gene.push_back(static_cast<std::int32_t>(gene));
      matrix.count.push_back(value);
    }
    matrix.row_begin.push_back(matrix.entries());
  }

  std::string encoding_ = "dense array";
  Dataset values_;
  MatrixShape shape_;
};

enum class Encoding { None, Csr, Csc };

// What the file says it is: encoding-type since anndata 0.7, h5sparse_format before.
Encoding declared_encoding(const Group& group) {
  const std::string name = group.text_attribute("encoding-type").value_or(
      group.text_attribute("h5sparse_format").value_or(""));
  if (name == "csr_matrix" || name == "csr") return Encoding::Csr;
  if (name == "csc_matrix" || name == "csc") return Encoding::Csc;
  return Encoding::None;
}

bool is_sparse_group(const Group& group) {
  return group.has_dataset("data") && group.has_dataset("indices") && group.has_dataset("indptr");
}

void check_shape(const hdf5::Object& matrix, const MatrixShape& expected, std::vector<std::int64_t> actual) {
  if (actual.size() != 2 || (actual[0] == expected.cells && actual[1] == expected.genes)) return;
  matrix.fail("is " + describe({actual[0], actual[1]}) + " but its tables say " + describe(expected),
              "obs, var and the matrix must be of one data set: write the file again with anndata");
}

std::unique_ptr<H5adMatrix> open_sparse(const Group& group, const MatrixShape& shape, std::int64_t csc_window) {
  std::vector<std::int64_t> declared = group.whole_numbers_attribute("shape");
  if (declared.empty()) declared = group.whole_numbers_attribute("h5sparse_shape");
  check_shape(group, shape, declared);
  Encoding encoding = declared_encoding(group);
  if (encoding == Encoding::None) {
    const bool fits_genes = group.dataset("indptr").length() == shape.genes + 1;
    encoding = fits_genes && shape.genes != shape.cells ? Encoding::Csc : Encoding::Csr;
  }
  if (encoding == Encoding::Csc) return std::make_unique<CscMatrix>(group, shape, csc_window);
  return std::make_unique<CsrMatrix>(group, shape);
}

}  // namespace

bool is_h5ad_matrix(const hdf5::Group& root, const std::string& name) {
  if (root.has_dataset(name)) return root.dataset(name).extent().size() == 2;
  return root.has_group(name) && is_sparse_group(root.group(name));
}

std::unique_ptr<H5adMatrix> open_h5ad_matrix(const hdf5::Group& root, const std::string& name,
                                             const MatrixShape& shape, std::int64_t csc_window) {
  if (shape.genes > std::numeric_limits<std::int32_t>::max() ||
      shape.cells > std::numeric_limits<std::int32_t>::max()) {
    root.fail("claims " + describe(shape), kDamaged);
  }
  if (root.has_group(name) && is_sparse_group(root.group(name))) return open_sparse(root.group(name), shape, csc_window);
  if (root.has_dataset(name) && root.dataset(name).extent().size() == 2) {
    Dataset values = root.dataset(name);
    check_shape(values, shape, values.extent());
    return std::make_unique<DenseMatrix>(std::move(values), shape);
  }
  root.fail("has no matrix '" + name + "' in an encoding this program reads",
            "write the file again with anndata; it may be a CSR, CSC or dense matrix");
}

}  // namespace plkd

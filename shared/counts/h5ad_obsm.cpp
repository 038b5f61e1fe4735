#include "shared/counts/h5ad_obsm.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "shared/counts/h5ad_matrix.h"
#include "shared/genes/peaks.h"
#include "shared/genes/proteins.h"
#include "shared/text.h"

namespace plkd {
namespace {

using hdf5::Dataset;
using hdf5::Element;
using hdf5::Group;

// Names in uns of a matrix with so many columns: under the matrix's own name first.
std::vector<std::string> names_in_uns(const Group& root, const std::string& matrix, std::int64_t width) {
  if (!root.has_group("uns")) return {};
  const Group uns = root.group("uns");
  const auto names_at = [&](const std::string& member) -> std::vector<std::string> {
    if (!uns.has_dataset(member)) return {};
    const Dataset texts = uns.dataset(member);
    if (texts.element() != Element::Text || texts.extent().size() != 1 || texts.length() != width) return {};
    return texts.read_texts(0, width);
  };
  const std::string stem = matrix.substr(0, matrix.find('_'));
  std::vector<std::string> members = {matrix + "_names", stem + "_names", stem + "_peaks"};
  for (const std::string& member : uns.names()) members.push_back(member);
  for (const std::string& member : members)
    if (std::vector<std::string> names = names_at(member); !names.empty()) return names;
  return {};
}

std::optional<Modality> modality_of(const std::string& matrix, const std::vector<std::string>& names, const OpenCountsOptions& options) {
  if (const auto told = options.modalities.find("obsm:" + matrix); told != options.modalities.end()) return told->second;
  if (look_like_peaks(names)) return Modality::Chromatin;
  if (look_like_proteins(names)) return Modality::Protein;
  // "protein_counts", "adt_raw": what the part before the first underscore says.
  return modality_of_type(matrix.substr(0, matrix.find('_')));
}

// Columns of a data frame that hold numbers.
std::vector<std::string> number_columns(const Group& frame, std::int64_t cells) {
  std::vector<std::string> columns = frame.texts_attribute("column-order");
  std::erase_if(columns, [&](const std::string& column) {
    if (!frame.has_dataset(column)) return true;
    const Dataset values = frame.dataset(column);
    const bool is_number = values.element() == Element::Whole || values.element() == Element::Real;
    return !is_number || values.extent().size() != 1 || values.length() != cells;
  });
  return columns;
}

CountMatrix read_columns(const std::vector<Dataset>& columns, std::int64_t first, std::int64_t end) {
  std::vector<std::vector<float>> values;
  for (const Dataset& column : columns) values.push_back(column.read_floats(first, end - first));
  CountMatrix matrix;
  matrix.genes = static_cast<std::int64_t>(columns.size());
  for (std::size_t cell = 0; cell < static_cast<std::size_t>(end - first); ++cell) {
    for (std::size_t column = 0; column < values.size(); ++column) {
      if (values[column][cell] == 0) continue;
      matrix.gene.push_back(static_cast<std::int32_t>(column));
      matrix.count.push_back(values[column][cell]);
    }
    matrix.row_begin.push_back(matrix.entries());
  }
  return matrix;
}

// Columns of a matrix in obsm, whatever its encoding; 0 when it is none.
std::int64_t width_of(const Group& obsm, const std::string& name, std::int64_t cells) {
  if (!is_h5ad_matrix(obsm, name)) return 0;
  const std::vector<std::int64_t> shape =
      obsm.has_dataset(name) ? obsm.dataset(name).extent() : obsm.group(name).whole_numbers_attribute("shape");
  return shape.size() == 2 && shape[0] == cells ? shape[1] : 0;
}

}  // namespace

ObsmFeatures::ObsmFeatures(const Group& root, std::int64_t cells, const OpenCountsOptions& options) {
  if (!root.has_group("obsm")) return;
  const Group obsm = root.group("obsm");
  for (const std::string& name : obsm.names()) {
    const std::int64_t width = width_of(obsm, name, cells);
    std::vector<std::string> names =
        width > 0 ? names_in_uns(root, name, width)
                  : obsm.has_group(name) ? number_columns(obsm.group(name), cells) : std::vector<std::string>();
    if (names.empty()) continue;
    const std::optional<Modality> modality = modality_of(name, names, options);
    if (!modality || *modality == Modality::Rna) continue;
    if (width > 0) {
      const std::shared_ptr<H5adMatrix> matrix = open_h5ad_matrix(obsm, name, {cells, width});
      read_.emplace_back([matrix](std::int64_t first, std::int64_t end) { return matrix->read(first, end); });
    } else {
      const auto columns = std::make_shared<std::vector<Dataset>>();
      for (const std::string& column : names) columns->push_back(obsm.group(name).dataset(column));
      read_.emplace_back([columns](std::int64_t first, std::int64_t end) { return read_columns(*columns, first, end); });
    }
    features_.push_back({*modality, "obsm:" + name, std::move(names)});
  }
}

}  // namespace plkd

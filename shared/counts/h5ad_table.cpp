#include "shared/counts/h5ad_table.h"

#include "shared/error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

namespace plkd {
namespace {

using hdf5::Dataset;
using hdf5::Element;
using hdf5::Group;

constexpr const char* kRewrite = "write the file again with a current anndata";

// Values of a column before they become categories. Numbers keep their value so that they sort as numbers.
struct Values {
  std::vector<std::string> text;      // [rows]
  std::vector<double> number;         // [rows], empty for text
  std::vector<std::uint8_t> missing;  // [rows], empty when nothing is missing
};

// The shortest decimal that reads back as the same number, so that 1 is "1" and 0.1 is "0.1".
template <typename Real>
std::string shortest(Real number) {
  char text[32];
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, static_cast<double>(number));
    if (static_cast<Real>(std::strtod(text, nullptr)) == number) break;
  }
  return text;
}

Values read_real(const Dataset& dataset, std::int64_t first, std::int64_t count) {
  Values values;
  values.number = dataset.read_doubles(first, count);
  const bool is_single = dataset.element_bytes() <= 4;
  for (const double number : values.number) {
    values.missing.push_back(std::isnan(number));
    values.text.push_back(is_single ? shortest(static_cast<float>(number)) : shortest(number));
  }
  return values;
}

Values read_whole(const Dataset& dataset, std::int64_t first, std::int64_t count) {
  Values values;
  for (const std::int64_t number : dataset.read_int64(first, count)) {
    values.number.push_back(static_cast<double>(number));
    values.text.push_back(std::to_string(number));
  }
  return values;
}

Values read_boolean(const Dataset& dataset, std::int64_t first, std::int64_t count) {
  Values values;
  for (const std::int64_t flag : dataset.read_int64(first, count)) {
    values.number.push_back(flag != 0 ? 1 : 0);
    values.text.push_back(flag != 0 ? "True" : "False");
  }
  return values;
}

Values read_list(const Dataset& dataset, std::int64_t first, std::int64_t count) {
  switch (dataset.element()) {
    case Element::Text: return {dataset.read_texts(first, count), {}, {}};
    case Element::Whole: return read_whole(dataset, first, count);
    case Element::Real: return read_real(dataset, first, count);
    case Element::Boolean: return read_boolean(dataset, first, count);
    default: dataset.fail("holds neither text nor numbers", kRewrite);
  }
}

bool is_nullable(const Group& group) { return group.has_dataset("values") && group.has_dataset("mask"); }

// A list, or a group of `values` and `mask` (nullable-integer, -boolean, -string-array).
Values read_values(const Group& parent, const std::string& member, std::int64_t first, std::int64_t count) {
  if (parent.has_dataset(member)) return read_list(parent.dataset(member), first, count);
  const Group group = parent.group(member);
  Values values = read_list(group.dataset("values"), first, count);
  values.missing.resize(values.text.size(), 0);
  const std::vector<std::int64_t> mask = group.dataset("mask").read_int64(first, count);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] != 0) values.missing[i] = 1;
  }
  return values;
}

std::int64_t length_of(const Group& parent, const std::string& member) {
  if (parent.has_dataset(member)) return parent.dataset(member).length();
  return parent.group(member).dataset("values").length();
}

CellColumn column_of_categories(std::string name, std::vector<std::string> categories, const Dataset& codes,
                                std::int64_t rows) {
  CellColumn column{std::move(name), std::move(categories), codes.read_int32(0, rows)};
  const std::int32_t n = static_cast<std::int32_t>(column.categories.size());
  for (std::int32_t& code : column.code) {
    if (code >= n) {
      codes.fail("refers to category " + std::to_string(code) + " of " + std::to_string(n), kRewrite);
    }
    code = std::max(code, -1);
  }
  return column;
}

// Distinct values become categories: numbers by value, text by its bytes.
CellColumn column_of_values(std::string name, const Values& values) {
  std::map<std::pair<double, std::string>, std::int32_t> codes;
  const auto key = [&](std::size_t row) {
    return std::pair(values.number.empty() ? 0.0 : values.number[row], values.text[row]);
  };
  const auto is_missing = [&](std::size_t row) { return !values.missing.empty() && values.missing[row]; };
  for (std::size_t row = 0; row < values.text.size(); ++row) {
    if (!is_missing(row)) codes.emplace(key(row), 0);
  }
  CellColumn column{std::move(name), {}, {}};
  for (auto& [value, code] : codes) {
    code = static_cast<std::int32_t>(column.categories.size());
    column.categories.push_back(value.second);
  }
  for (std::size_t row = 0; row < values.text.size(); ++row) {
    column.code.push_back(is_missing(row) ? -1 : codes.at(key(row)));
  }
  return column;
}

bool holds_records(const Group& parent, const std::string& name) {
  return parent.has_dataset(name) && parent.dataset(name).element() == Element::Compound;
}

// The group itself, also where its members are records of one of its datasets.
Group open_table(const Group& root, const std::string& name) {
  if (root.has_group(name)) return root.group(name);
  if (holds_records(root, name)) return root.group(".");
  const std::string where = root.file() + ": '" + (root.name().empty() ? "" : root.name() + "/") + name + "' ";
  throw Error(ErrorKind::BadInput, where + "is missing or is no table", "is this an h5ad file? write it again with anndata");
}

}  // namespace

H5adTable::H5adTable(const hdf5::Group& root, const std::string& name, std::vector<std::string> indices)
    : group_(open_table(root, name)) {
  if (holds_records(root, name)) records_.emplace(root.dataset(name));
  index_ = find_index(std::move(indices)).value_or("");
  if (!index_.empty()) {
    rows_ = records_ ? records_->length() : length_of(group_, index_);
    return;
  }
  for (const std::string& member : members()) {
    if (has_list(member)) rows_ = std::max(rows_, list(member).length());
  }
}

bool H5adTable::has_list(const std::string& member) const {
  if (!records_) return group_.has_dataset(member);
  const std::vector<std::string> fields = records_->fields();
  return std::find(fields.begin(), fields.end(), member) != fields.end();
}

hdf5::Dataset H5adTable::list(const std::string& member) const {
  return records_ ? records_->field(member) : group_.dataset(member);
}

bool H5adTable::has_group(const std::string& member) const { return !records_ && group_.has_group(member); }

std::vector<std::string> H5adTable::members() const { return records_ ? records_->fields() : group_.names(); }

// anndata 0.7 keeps the categories of a column in obs/__categories and a reference to them in an attribute; 0.6 kept them in
// uns, or in raw.cat for the genes of raw.
std::optional<Dataset> H5adTable::old_categories(const std::string& column) const {
  if (!has_list(column)) return std::nullopt;
  if (records_) {
    const char* place = records_->name() == "raw.var" ? "raw.cat" : "uns";
    if (!group_.has_group(place) || list(column).element() != Element::Whole) return std::nullopt;
    const Group categories = group_.group(place);
    const std::string name = column + "_categories";
    if (!categories.has_dataset(name) || categories.dataset(name).extent().size() != 1) return std::nullopt;
    return categories.dataset(name);
  }
  if (auto found = group_.referenced_dataset(group_.dataset(column), "categories")) return found;
  if (!group_.has_group("__categories")) return std::nullopt;
  const Group categories = group_.group("__categories");
  if (!categories.has_dataset(column)) return std::nullopt;
  return categories.dataset(column);
}

std::optional<std::string> H5adTable::find_index(std::vector<std::string> candidates) const {
  if (!records_) candidates.insert(candidates.begin(), group_.text_attribute("_index").value_or(""));
  for (const std::string& candidate : candidates) {
    if (has_list(candidate) && list(candidate).extent().size() == 1) return candidate;
    if (has_group(candidate) && is_nullable(group_.group(candidate))) return candidate;
  }
  return std::nullopt;
}

std::vector<std::string> H5adTable::row_names(std::int64_t first, std::int64_t end) const {
  if (!index_.empty() && has_list(index_)) return read_list(list(index_), first, end - first).text;
  if (!index_.empty()) return read_values(group_, index_, first, end - first).text;
  std::vector<std::string> numbers;
  for (std::int64_t row = first; row < end; ++row) numbers.push_back(std::to_string(row));
  return numbers;
}

bool H5adTable::is_readable(const std::string& member) const {
  const auto is_list = [this](const Dataset& dataset) {
    const Element element = dataset.element();
    return dataset.extent().size() == 1 && dataset.length() == rows_ && element != Element::Compound &&
           element != Element::Other;
  };
  if (member == index_ || member == "__categories") return false;
  if (has_list(member)) return is_list(list(member));
  if (!has_group(member)) return false;
  const Group group = group_.group(member);
  if (is_nullable(group)) return is_list(group.dataset("values"));
  if (!group.has_dataset("codes") || !is_list(group.dataset("codes"))) return false;
  return group.has_dataset("categories") ||
         (group.has_group("categories") && is_nullable(group.group("categories")));
}

std::vector<std::string> H5adTable::column_names() const {
  std::vector<std::string> names = group_.texts_attribute("column-order");
  for (const std::string& member : members()) {
    if (std::find(names.begin(), names.end(), member) == names.end()) names.push_back(member);
  }
  std::erase_if(names, [this](const std::string& name) { return !is_readable(name); });
  return names;
}

bool H5adTable::has_column(const std::string& name) const { return is_readable(name); }

CellColumn H5adTable::column(const std::string& name) const {
  if (has_group(name) && group_.group(name).has_dataset("codes")) {
    const Group group = group_.group(name);
    const std::int64_t categories = length_of(group, "categories");
    return column_of_categories(name, read_values(group, "categories", 0, categories).text, group.dataset("codes"),
                                rows_);
  }
  if (const auto categories = old_categories(name))
    return column_of_categories(name, read_list(*categories, 0, categories->length()).text, list(name), rows_);
  if (has_list(name)) return column_of_values(name, read_list(list(name), 0, rows_));
  return column_of_values(name, read_values(group_, name, 0, rows_));
}

std::vector<std::string> H5adTable::texts(const std::string& name) const {
  const CellColumn values = column(name);
  std::vector<std::string> texts;
  texts.reserve(values.code.size());
  for (const std::int32_t code : values.code) {
    texts.push_back(code < 0 ? "" : values.categories[static_cast<std::size_t>(code)]);
  }
  return texts;
}

}  // namespace plkd

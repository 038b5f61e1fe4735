#include "shared/results/write_annotated_h5ad.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "shared/counts/h5ad.h"
#include "shared/counts/h5ad_encoding.h"
#include "shared/counts/h5ad_table.h"
#include "shared/counts/hdf5_file.h"
#include "shared/error.h"

namespace plkd {

namespace {

namespace fs = std::filesystem;
using h5ad::declare;
using hdf5::Group;

bool is_ours(const std::string& column) { return column.rfind("plkd_", 0) == 0; }

Group dictionary(const Group& parent, const std::string& name) {
  if (parent.has_group(name)) return parent.group(name);
  if (parent.node(name) != hdf5::Node::Missing)
    parent.fail("keeps '" + name + "' as anndata 0.6 did, which cannot be added to", "write the file again with a current anndata");
  return h5ad::create_dictionary(parent, name);
}

void write_number(const Group& obs, const NumberColumn& column) {
  hdf5::Dataset values = obs.create_list(column.name, Group::ListType::Float32);
  declare(values, "array", "0.2.0");
  values.append(column.value);
}

// The order of the columns that are not ours; by name where the file gives none.
std::vector<std::string> order_of_others(const Group& obs, const std::string& index) {
  std::vector<std::string> order = obs.texts_attribute("column-order");
  if (!obs.has_attribute("column-order")) {
    order = obs.names();
    std::erase(order, index);
    std::erase(order, "__categories");
  }
  std::erase_if(order, is_ours);
  return order;
}

void remove_ours(const Group& obs, const std::string& index) {
  for (const std::string& name : obs.names())
    if (is_ours(name) && name != index) obs.remove(name);
  if (!obs.has_group("__categories")) return;
  const Group categories = obs.group("__categories");
  for (const std::string& name : categories.names())
    if (is_ours(name)) categories.remove(name);
}

// Columns are encoded as of anndata 0.8, which also reads them in a file of 0.7 (and so do later ones).
void add_to_obs(const Group& obs, const ResultColumns& results) {
  const std::string index = obs.text_attribute("_index").value_or("_index");
  std::vector<std::string> order = order_of_others(obs, index);
  remove_ours(obs, index);
  for (const CellColumn& column : results.categories) {
    h5ad::write_category(obs, column);
    order.push_back(column.name);
  }
  for (const NumberColumn& column : results.numbers) {
    write_number(obs, column);
    order.push_back(column.name);
  }
  obs.remove_attribute("column-order");
  obs.write_attribute("column-order", order);
}

void add_map(const Group& root, const std::vector<float>& map) {
  const Group obsm = dictionary(root, "obsm");
  obsm.remove("X_plkd");
  declare(obsm.write_rows("X_plkd", map, 2), "array", "0.2.0");
}

void add_about(const Group& root, const std::vector<std::pair<std::string, std::string>>& about) {
  const Group uns = dictionary(root, "uns");
  uns.remove("plkd");
  const Group plkd = h5ad::create_dictionary(uns, "plkd");
  for (const auto& [name, text] : about) declare(plkd.write_text(name, text), "string", "0.2.0");
}

// Writes to a name beside `out` and renames, so that what has the name is whole.
template <typename Write>
void write_whole(const std::string& out, Write write) {
  const std::string part = out + ".part";
  std::error_code ignored;
  try {
    write(part);
    fs::rename(part, out);
  } catch (const fs::filesystem_error& error) {
    fs::remove(part, ignored);
    throw Error(ErrorKind::BadInput, out + ": cannot be written (" + error.code().message() + ")", "check the folder and the free space");
  } catch (const Error&) {
    fs::remove(part, ignored);
    throw;
  }
}

}  // namespace

bool keeps_results(const CountsReader& reader) { return reader.format().rfind("h5ad", 0) == 0; }

void add_to_h5ad(const std::string& path, const ResultColumns& results) {
  const Group root = hdf5::open_file_to_change(path);
  const H5adTable obs(root, "obs");
  if (obs.is_records())
    root.fail("keeps its cells as anndata 0.6 did, which cannot be added to", "write the file again with a current anndata");
  const std::int64_t rows = obs.rows();
  if (rows != results.cells())
    root.fail("has " + std::to_string(rows) + " cells where " + std::to_string(results.cells()) + " were annotated",
              "give the file that was annotated");
  add_to_obs(root.group("obs"), results);
  add_map(root, results.map);
  add_about(root, results.about);
  root.flush();
}

void write_annotated_h5ad(const std::string& source, const std::string& out, const ResultColumns& results) {
  std::error_code none;
  if (fs::equivalent(source, out, none))
    throw Error(ErrorKind::WrongUsage, out + ": is the input, which is never changed", "give --out another name");
  write_whole(out, [&](const std::string& part) {
    fs::copy_file(source, part, fs::copy_options::overwrite_existing);
    // A copy of a file that may only be read may be written.
    fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, fs::perm_options::add);
    add_to_h5ad(part, results);
  });
}

void write_new_annotated_h5ad(CountsReader& reader, const std::string& out, const ResultColumns& results) {
  constexpr std::int64_t kSlice = 512;
  write_whole(out, [&](const std::string& part) {
    {
      H5adWriter writer(part, reader.genes());
      for (std::int64_t first = 0; first < reader.cells(); first += kSlice) {
        const std::int64_t end = std::min(first + kSlice, reader.cells());
        writer.append(reader.read(first, end), reader.cell_names(first, end));
      }
      std::vector<CellColumn> columns;
      for (const std::string& name : reader.column_names()) columns.push_back(reader.column(name));
      writer.finish(columns);
    }
    add_to_h5ad(part, results);
  });
}

}  // namespace plkd

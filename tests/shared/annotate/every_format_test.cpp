// The same six cells in every form they are stored in get the same labels, digit for digit. It runs under WebAssembly, too.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/annotate/annotate.h"
#include "shared/counts/h5ad.h"
#include "shared/counts/open_counts.h"
#include "tests/support/archives.h"
#include "tests/support/files.h"
#include "tests/support/hdf5_files.h"
#include "tests/support/matrices.h"
#include "tests/support/random_model.h"

namespace plkd {
namespace {

using test::Members;
using Names = std::vector<std::string>;
using Rows = std::vector<std::vector<float>>;

// As tests/golden/h5ad/make_fixtures.py writes them by anndata and h5py.
const Rows kCounts = {{1, 0, 2, 0, 0}, {0, 0, 0, 0, 3}, {0, 4, 0, 0, 0}, {0, 0, 0, 0, 0}, {5, 6, 7, 8, 9}, {0, 0, 0, 10, 300}};
const Names kCells = {"cell0", "cell1", "cell2", "cell3", "cell4", "cell5"};
const Names kSymbols = {"CD3D", "NKG7", "MS4A1", "LYZ", "PPBP"};
const Names kIds = {"ENSG00000167286", "ENSG00000105374", "ENSG00000156738", "ENSG00000090382", "ENSG00000163736"};

Model model_of_five_genes() {
  Model model = test::random_model(3, 5, 4);
  model.genes = vocabulary_from_names(kIds);
  model.genes.symbol = kSymbols;
  return model;
}

std::string labels_of(CountsReader& reader, const Model& model) {
  Query query(reader, model, {.gate = Gate::Report});
  const Annotations labels = annotate(model, query.expression(0, query.cells()));
  const Names names = reader.cell_names(0, query.cells());
  std::string lines;
  for (std::int64_t cell = 0; cell < labels.cells(); ++cell)
    lines += csv_line(model, labels, cell, names[static_cast<std::size_t>(cell)], UnknownPolicy::Allow) + "\n";
  return lines;
}

// Every form written is opened and labelled; its name must be new.
class Grid {
 public:
  void check(const std::string& form, const std::string& path) {
    INFO(form << ": " << path);
    CHECK(forms_.insert(form).second);
    const auto reader = open_counts(path);
    CHECK(labels_of(*reader, model_) == expected_);
  }

  void check_text(const std::string& form, const std::string& name, const std::string& text) {
    test::write_file(folder_ / name, text);
    check(form, folder_ / name);
    test::write_gzip(folder_ / (name + ".gz"), text);
    check(form + ", gzip", folder_ / (name + ".gz"));
  }

  std::string operator/(const std::string& name) const { return folder_ / name; }
  std::size_t forms() const { return forms_.size(); }

 private:
  test::TemporaryFolder folder_;
  Model model_ = model_of_five_genes();
  std::string expected_ = labels_of(*open_counts(test::golden("h5ad/csr.h5ad")), model_);
  std::set<std::string> forms_;
};

std::string whole(float count) { return std::to_string(static_cast<int>(count)); }

struct Entry {
  std::size_t gene, cell;
  float count;
};

std::vector<Entry> entries() {
  std::vector<Entry> entries;
  for (std::size_t cell = 0; cell < kCounts.size(); ++cell)
    for (std::size_t gene = 0; gene < kSymbols.size(); ++gene)
      if (kCounts[cell][gene] != 0) entries.push_back({gene, cell, kCounts[cell][gene]});
  return entries;
}

std::string mtx_of(const std::vector<Entry>& entries, const std::string& field = "integer", const std::string& end = "\n") {
  std::string text = "%%MatrixMarket matrix coordinate " + field + " general" + end + "%written by hand" + end + "5 6 " + std::to_string(entries.size()) + end;
  for (const Entry& entry : entries)
    text += std::to_string(entry.gene + 1) + " " + std::to_string(entry.cell + 1) + " " + whole(entry.count) + (field == "real" ? ".0" : "") + end;
  return text;
}

std::string lines_of(const Names& first, const Names& second = {}, const std::string& last = "") {
  std::string text;
  for (std::size_t k = 0; k < first.size(); ++k) text += first[k] + (second.empty() ? "" : "\t" + second[k]) + last + "\n";
  return text;
}

Members tenx(const std::string& prefix, const std::string& matrix, const std::string& genes = "features.tsv", const std::string& type = "\tGene Expression") {
  return {{prefix + "barcodes.tsv", lines_of(kCells)}, {prefix + genes, lines_of(kIds, kSymbols, type)}, {prefix + "matrix.mtx", matrix}};
}

Members with_gzip(const Members& files) {
  const test::TemporaryFolder folder;
  Members packed;
  for (const auto& [name, text] : files) {
    test::write_gzip(folder / "text.gz", text);
    packed.push_back({name + ".gz", test::read_file(folder / "text.gz")});
  }
  return packed;
}

void write_folder(const std::string& folder, const Members& files) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : files) test::write_file(folder + "/" + name, text);
}

struct TableOptions {
  char separator = ',';
  bool genes_in_rows = false;
  bool quotes = false;
  bool as_r = false;  // the first line lacks its first field
  std::string corner = "";
  std::string number_end = "";  // ".0"
};

std::string table_of(const TableOptions& options, const Names& genes = kSymbols) {
  const auto quoted = [&](const std::string& name) { return options.quotes ? '"' + name + '"' : name; };
  const Names& rows = options.genes_in_rows ? genes : kCells;
  const Names& columns = options.genes_in_rows ? kCells : genes;
  std::string text = options.as_r ? "" : quoted(options.corner) + options.separator;
  for (std::size_t column = 0; column < columns.size(); ++column) text += (column ? std::string(1, options.separator) : "") + quoted(columns[column]);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    text += "\n" + quoted(rows[row]);
    for (std::size_t column = 0; column < columns.size(); ++column)
      text += options.separator + whole(options.genes_in_rows ? kCounts[column][row] : kCounts[row][column]) + options.number_end;
  }
  return text + "\n";
}

void check_h5ad(Grid& grid) {
  for (const char* name : {"anndata_0_6", "anndata_0_7", "csc", "csr", "dense", "ensembl", "gzip", "h5sparse", "layers", "nullable", "raw", "unsorted"})
    grid.check(std::string("h5ad, ") + name, test::golden(std::string("h5ad/") + name + ".h5ad"));
  H5adWriter writer(grid / "ours.h5ad", vocabulary_from_names(kSymbols));
  writer.append(test::matrix_of(kCounts), kCells);
  writer.finish({});
  grid.check("h5ad, ours", grid / "ours.h5ad");
}

void check_other_hdf5(Grid& grid) {
  const CountMatrix counts = test::matrix_of(kCounts);
  {
    const hdf5::Group features = test::write_tenx_matrix(hdf5::create_file(grid / "v3.h5"), "matrix", counts, kCells).create_group("features");
    test::write_texts(features, "id", kIds);
    test::write_texts(features, "name", kSymbols);
    test::write_texts(features, "feature_type", Names(5, "Gene Expression"));
    const hdf5::Group genome = test::write_tenx_matrix(hdf5::create_file(grid / "v2.h5"), "GRCh38", counts, kCells);
    test::write_texts(genome, "genes", kIds);
    test::write_texts(genome, "gene_names", kSymbols);
    const hdf5::Group loom = hdf5::create_file(grid / "cells.loom");
    test::write_loom_matrix(loom, "matrix", counts, {2, 4});
    test::write_texts(loom.create_group("row_attrs"), "Gene", kSymbols);
    test::write_texts(loom.group("row_attrs"), "Accession", kIds);
    test::write_texts(loom.create_group("col_attrs"), "CellID", kCells);
  }
  grid.check("10x HDF5, version 3", grid / "v3.h5");
  grid.check("10x HDF5, version 2", grid / "v2.h5");
  grid.check("loom", grid / "cells.loom");
}

void check_mtx(Grid& grid) {
  std::vector<Entry> unsorted = entries();
  std::reverse(unsorted.begin(), unsorted.end());
  const std::vector<std::pair<std::string, Members>> kinds = {
      {"features.tsv", tenx("", mtx_of(entries()))},
      {"features.tsv without types", tenx("", mtx_of(entries()), "features.tsv", "")},
      {"genes.tsv", tenx("", mtx_of(entries()), "genes.tsv", "")},
      {"real", tenx("", mtx_of(entries(), "real"))},
      {"line ends of Windows", tenx("", mtx_of(entries(), "integer", "\r\n"))},
      {"not sorted by cell", tenx("", mtx_of(unsorted))},
      {"GEO prefix", tenx("GSM1_sample_", mtx_of(entries()))}};
  for (const auto& [kind, files] : kinds) {
    write_folder(grid / kind, files);
    grid.check("mtx, folder, " + kind, grid / kind);
    write_folder(grid / (kind + " packed"), with_gzip(files));
    grid.check("mtx, folder, gzip, " + kind, grid / (kind + " packed"));
    grid.check("mtx, matrix file, gzip, " + kind, (grid / (kind + " packed")) + "/" + with_gzip(files)[2].first);
  }
  for (const std::string prefix : {"", "filtered_feature_bc_matrix/", "GSM1_"}) {
    const std::string form = prefix.empty() ? "flat" : prefix;
    const std::string name = "archive" + std::to_string(grid.forms());
    const Members plain = tenx(prefix, mtx_of(entries())), packed = with_gzip(plain);
    test::write_file(grid / (name + ".zip"), test::zip_of(plain));
    grid.check("mtx, zip, " + form, grid / (name + ".zip"));
    test::write_file(grid / (name + "_gz.zip"), test::zip_of(packed));
    grid.check("mtx, gzip in zip, " + form, grid / (name + "_gz.zip"));
    test::write_file(grid / (name + ".tar"), test::tar_of(packed));
    grid.check("mtx, gzip in tar, " + form, grid / (name + ".tar"));
    test::write_gzip(grid / (name + ".tar.gz"), test::tar_of(plain));
    grid.check("mtx, tar.gz, " + form, grid / (name + ".tar.gz"));
  }
}

void check_tables(Grid& grid) {
  for (const auto& [separator, name] : std::vector<std::pair<char, std::string>>{{',', "comma"}, {'\t', "tab"}, {';', "semicolon"}, {' ', "space"}}) {
    for (const bool genes_in_rows : {false, true}) {
      const std::string form = "table, " + name + (genes_in_rows ? ", genes in rows" : ", cells in rows");
      const std::string file = name + (genes_in_rows ? "_genes" : "_cells");
      grid.check_text(form, file + ".txt", table_of({.separator = separator, .genes_in_rows = genes_in_rows, .quotes = separator == ' ', .corner = "x"}));
      grid.check_text(form + ", as R writes", file + "_r.txt", table_of({.separator = separator, .genes_in_rows = genes_in_rows, .quotes = true, .as_r = true}));
    }
  }
  for (const bool genes_in_rows : {false, true}) {
    const std::string side = genes_in_rows ? "genes" : "cells";
    grid.check_text("table, Ensembl ids, " + side, "ids_" + side + ".csv", table_of({.genes_in_rows = genes_in_rows}, kIds));
    grid.check_text("table, decimals, " + side, "decimals_" + side + ".csv", table_of({.genes_in_rows = genes_in_rows, .number_end = ".0"}));
  }
  test::write_file(grid / "table.zip", test::zip_of({{"cells.csv", table_of({})}}));
  grid.check("table, zip", grid / "table.zip");
}

}  // namespace

TEST_CASE("the same cells have the same labels in every form they are stored in", "[golden]") {
  Grid grid;
  check_h5ad(grid);
  check_other_hdf5(grid);
  check_mtx(grid);
  check_tables(grid);
  CHECK(grid.forms() == 90);
}

}  // namespace plkd

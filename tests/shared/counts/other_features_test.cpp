#include <catch2/catch.hpp>

#include "shared/counts/open_counts.h"
#include "tests/support/files.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/hdf5_files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using hdf5::Group;
using Rows = std::vector<std::vector<float>>;

namespace {

const Rows kGenes = {{0, 3, 1}, {0, 0, 0}, {5, 0, 2}};  // [cells x genes]
const Rows kProteins = {{7, 0}, {1, 9}, {0, 0}};        // [cells x proteins]

void write_table(const Group& root, const std::string& table, const std::vector<std::string>& names) {
  const Group group = root.create_group(table);
  group.write_attribute("_index", std::string("_index"));
  write_texts(group, "_index", names);
}

// An AnnData of these cells in a file or in a group of one.
void write_anndata(const Group& root, const Rows& values, const std::vector<std::string>& cells, const std::vector<std::string>& features) {
  write_table(root, "obs", cells);
  write_table(root, "var", features);
  const CountMatrix counts = matrix_of(values);
  write_sparse(root, "csr_matrix", counts, {counts.cells(), counts.genes});
}

const std::vector<std::string> kCells = {"c0", "c1", "c2"};

Rows other(CountsReader& reader, std::size_t which, std::int64_t first, std::int64_t end) { return dense_of(reader.read_other(which, first, end)); }

}  // namespace

TEST_CASE("an h5ad's proteins are found in obsm, named in uns", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "cite.h5ad");
    write_anndata(root, kGenes, kCells, {"CD3D", "CD8A", "LYZ"});
    const Group obsm = root.create_group("obsm");
    obsm.write_rows("protein_counts", std::vector<float>{7, 0, 1, 9, 0, 0}, 2);
    obsm.write_rows("X_pca", std::vector<float>{1, 2, 3, 4, 5, 6}, 2);
    const Group uns = root.create_group("uns");
    write_texts(uns, "leiden_colors", {"#000000", "#ffffff"});
    write_texts(uns, "protein_names", {"CD3", "HLA.DR"});
  }
  const auto reader = open_counts(folder / "cite.h5ad");
  CHECK(dense_of(reader->read(0, 3)) == kGenes);
  REQUIRE(reader->other_features().size() == 1);
  CHECK(reader->other_features()[0].modality == Modality::Protein);
  CHECK(reader->other_features()[0].where == "obsm:protein_counts");
  CHECK(reader->other_features()[0].names == std::vector<std::string>{"CD3", "HLA.DR"});
  CHECK(other(*reader, 0, 0, 3) == kProteins);
  CHECK(other(*reader, 0, 1, 2) == Rows{{1, 9}});
}

TEST_CASE("an h5ad's proteins are found in a data frame of obsm", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "totalvi.h5ad");
    write_anndata(root, kGenes, kCells, {"CD3D", "CD8A", "LYZ"});
    const Group frame = root.create_group("obsm").create_group("protein_expression");
    frame.write_attribute("_index", std::string("_index"));
    frame.write_attribute("column-order", std::vector<std::string>{"CD3", "CD19"});
    write_texts(frame, "_index", kCells);
    frame.create_list("CD3", Group::ListType::Int64).append(std::vector<std::int64_t>{7, 1, 0});
    frame.create_list("CD19", Group::ListType::Int64).append(std::vector<std::int64_t>{0, 9, 0});
  }
  const auto reader = open_counts(folder / "totalvi.h5ad");
  REQUIRE(reader->other_features().size() == 1);
  CHECK(reader->other_features()[0].names == std::vector<std::string>{"CD3", "CD19"});
  CHECK(other(*reader, 0, 0, 3) == kProteins);
}

TEST_CASE("feature types of var part genes from proteins", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "both.h5ad");
    write_anndata(root, {{0, 7, 3, 1, 0}, {0, 1, 0, 0, 9}, {5, 0, 0, 2, 0}}, kCells, {"CD3D", "CD3_TotalSeqB", "CD8A", "LYZ", "CD19_TotalSeqB"});
    write_texts(root.group("var"), "feature_types", {"Gene Expression", "Antibody Capture", "Gene Expression", "Gene Expression", "Antibody Capture"});
  }
  const auto reader = open_counts(folder / "both.h5ad");
  CHECK(reader->genes().symbol == std::vector<std::string>{"CD3D", "CD8A", "LYZ"});
  CHECK(dense_of(reader->read(0, 3)) == kGenes);
  REQUIRE(reader->other_features().size() == 1);
  CHECK(reader->other_features()[0].where == "type:Antibody Capture");
  CHECK(other(*reader, 0, 0, 3) == kProteins);
}

TEST_CASE("a matrix of proteins alone has no genes, by its names or because it is told so", "[unit]") {
  const TemporaryFolder folder;
  write_anndata(hdf5::create_file(folder / "known.h5ad"), kProteins, kCells, {"CD3", "CD19"});
  write_anndata(hdf5::create_file(folder / "unknown.h5ad"), kProteins, kCells, {"first", "second"});
  const auto known = open_counts(folder / "known.h5ad");
  CHECK(known->genes().size() == 0);
  CHECK(known->read(0, 3).entries() == 0);
  CHECK(other(*known, 0, 0, 3) == kProteins);
  CHECK(open_counts(folder / "unknown.h5ad")->genes().size() == 2);
  const auto told = open_counts(folder / "unknown.h5ad", {"", {{"X", Modality::Protein}}});
  CHECK(told->genes().size() == 0);
  CHECK(other(*told, 0, 0, 3) == kProteins);
}

TEST_CASE("a 10x HDF5 gives its proteins beside its genes", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "cite.h5");
    const Group features = write_tenx_matrix(root, "matrix", matrix_of({{0, 3, 1, 7}, {0, 0, 0, 1}, {5, 0, 2, 0}}), kCells).create_group("features");
    write_texts(features, "id", {"ENSG1", "ENSG2", "ENSG3", "CD3"});
    write_texts(features, "name", {"CD3D", "CD8A", "LYZ", "CD3_TotalSeqB"});
    write_texts(features, "feature_type", {"Gene Expression", "Gene Expression", "Gene Expression", "Antibody Capture"});
  }
  const auto reader = open_counts(folder / "cite.h5");
  CHECK(dense_of(reader->read(0, 3)) == kGenes);
  REQUIRE(reader->other_features().size() == 1);
  CHECK(other(*reader, 0, 0, 3) == Rows{{7}, {1}, {0}});
  CHECK(dense_of(reader->read(1, 3)) == Rows{{0, 0, 0}, {5, 0, 2}});
}

TEST_CASE("an h5mu gives the genes of one modality and the proteins of another, cell by cell", "[unit]") {
  const TemporaryFolder folder;
  {
    const Group root = hdf5::create_file(folder / "cite.h5mu");
    write_table(root, "obs", {"c0", "c1", "c2", "c3"});
    const Group mod = root.create_group("mod");
    write_anndata(mod.create_group("rna"), kGenes, kCells, {"CD3D", "CD8A", "LYZ"});
    write_anndata(mod.create_group("prot"), {{1, 9}, {7, 0}}, {"c1", "c0"}, {"first", "CD19"});
    const Group map = root.create_group("obsmap");
    map.create_list("rna", Group::ListType::Int64).append(std::vector<std::int64_t>{1, 2, 3, 0});
    map.create_list("prot", Group::ListType::Int64).append(std::vector<std::int64_t>{2, 1, 0, 0});
  }
  const auto reader = open_counts(folder / "cite.h5mu");
  CHECK(reader->cells() == 4);
  CHECK(reader->genes().symbol == std::vector<std::string>{"CD3D", "CD8A", "LYZ"});
  CHECK(dense_of(reader->read(0, 4)) == Rows{{0, 3, 1}, {0, 0, 0}, {5, 0, 2}, {0, 0, 0}});
  REQUIRE(reader->other_features().size() == 1);
  CHECK(reader->other_features()[0].where == "mod:prot");
  CHECK(other(*reader, 0, 0, 4) == Rows{{7, 0}, {1, 9}, {0, 0}, {0, 0}});
  CHECK(other(*reader, 0, 2, 4) == Rows{{0, 0}, {0, 0}});
  CHECK(dense_of(reader->read(3, 4)) == Rows{{0, 0, 0}});
}

TEST_CASE("genes and proteins of files as muon and Cell Ranger write them", "[golden]") {
  for (const auto& [name, where] : {std::pair("h5ad/cite.h5mu", "mod:prot"), std::pair("h5ad/cite_tenx.h5", "type:Antibody Capture")}) {
    INFO(name);
    const auto reader = open_counts(golden(name));
    CHECK(reader->genes().symbol == std::vector<std::string>{"CD3D", "NKG7", "MS4A1", "LYZ", "PPBP"});
    CHECK(dense_of(reader->read(4, 6)) == Rows{{5, 6, 7, 8, 9}, {0, 0, 0, 10, 300}});
    REQUIRE(reader->other_features().size() == 1);
    CHECK(reader->other_features()[0].where == where);
    CHECK(reader->other_features()[0].names == std::vector<std::string>{"CD3", "CD19_TotalSeqB", "IgG1"});
    CHECK(other(*reader, 0, 0, 6) == Rows{{7, 0, 1}, {1, 9, 0}, {0, 0, 0}, {0, 0, 0}, {2, 3, 0}, {0, 5, 1}});
    CHECK(reader->cell_names(5, 6) == std::vector<std::string>{"cell5"});
  }
}

TEST_CASE("a table and a loom file whose genes have the names of antibodies are of proteins", "[unit]") {
  const TemporaryFolder folder;
  const std::vector<std::string> antibodies = {"CD3", "HLA-DR"}, genes = {"CD3D", "LYZ"};
  for (const bool are_proteins : {true, false}) {
    const std::vector<std::string>& names = are_proteins ? antibodies : genes;
    {
      const Group root = hdf5::create_file(folder / "cells.loom");
      write_loom_matrix(root, "matrix", matrix_of(kProteins), {2, 2});
      write_texts(root.create_group("row_attrs"), "Gene", names);
      write_texts(root.create_group("col_attrs"), "CellID", kCells);
      root.create_group("layers");
    }
    write_file(folder / "cells.csv", "," + names[0] + "," + names[1] + "\na,7,0\nb,1,9\nc,0,0\n");
    for (const char* file : {"cells.loom", "cells.csv"}) {
      const auto reader = open_counts(folder / file);
      CHECK(reader->cells() == 3);
      CHECK(reader->read(0, 3).cells() == 3);
      CHECK(reader->genes().size() == (are_proteins ? 0 : 2));
      REQUIRE(reader->other_features().size() == (are_proteins ? 1 : 0));
      if (!are_proteins) continue;
      CHECK(reader->other_features()[0].modality == Modality::Protein);
      CHECK(reader->other_features()[0].names == names);
      CHECK(other(*reader, 0, 0, 3) == kProteins);
      CHECK(other(*reader, 0, 1, 2) == Rows{{1, 9}});
      CHECK_THROWS_AS(reader->read(0, 4), Error);
    }
  }
}

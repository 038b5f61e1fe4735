// h5ad of anndata 0.6 and older: tables are lists of records.
#include "shared/counts/h5ad.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>

#include "shared/results/write_annotated_h5ad.h"
#include "tests/support/files.h"
#include "tests/support/h5ad_files.h"
#include "tests/support/matrices.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;
using hdf5::Group;
using hdf5::Handle;

namespace {

using Rows = std::vector<std::vector<float>>;
using Names = std::vector<std::string>;

const Rows kCounts = {{0, 3, 1}, {0, 0, 7}};

struct Record {
  std::array<char, 16> index;
  std::int8_t type;
  float score;
};

Record record(const char* index, std::int8_t type, float score) {
  Record made{{}, type, score};
  std::strncpy(made.index.data(), index, made.index.size());
  return made;
}

void write_records(const Group& root, const std::string& name, const std::vector<Record>& records) {
  const Handle text(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(text.id(), sizeof(Record::index));
  const Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Record)), H5Tclose);
  H5Tinsert(type.id(), "index", HOFFSET(Record, index), text.id());
  H5Tinsert(type.id(), "type", HOFFSET(Record, type), H5T_NATIVE_INT8);
  H5Tinsert(type.id(), "score", HOFFSET(Record, score), H5T_NATIVE_FLOAT);
  const hsize_t length = records.size();
  const Handle space(H5Screate_simple(1, &length, nullptr), H5Sclose);
  const Handle dataset(
      H5Dcreate2(root.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  REQUIRE(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, records.data()) >= 0);
}

void write_old_sparse(const Group& root, const std::string& name, const CountMatrix& counts) {
  const Group group = root.create_group(name);
  group.write_attribute("h5sparse_format", std::string("csr"));
  group.write_attribute("h5sparse_shape", std::vector<std::int64_t>{counts.cells(), counts.genes});
  group.create_list("data", Group::ListType::Float32).append(counts.count);
  group.create_list("indices", Group::ListType::Int32).append(counts.gene);
  group.create_list("indptr", Group::ListType::Int32).append(std::vector<std::int32_t>(counts.row_begin.begin(), counts.row_begin.end()));
}

// Scaled X of two genes, counts of three in raw.
void write_old(const std::string& path) {
  const Group root = hdf5::create_file(path);
  write_dense(root, matrix_of({{-1, 1}, {1, -1}}));
  write_records(root, "obs", {record("AAAC-1", 1, 0.5F), record("AAAG-1", -1, 2)});
  write_records(root, "var", {record("CD3D", 0, 0), record("NKG7", 0, 0)});
  write_old_sparse(root, "raw.X", matrix_of(kCounts));
  write_records(root, "raw.var", {record("CD3D", 0, 0), record("NKG7", 1, 0), record("ENSG00000156738", 2, 0)});
  root.create_group("uns").create_list("type_categories", Group::ListType::Text).append(Names{"T cell", "B cell"});
  root.create_group("raw.cat").create_list("type_categories", Group::ListType::Text).append(Names{"a", "b", "c"});
}

}  // namespace

TEST_CASE("an h5ad of anndata 0.6 gives counts, names and columns", "[unit]") {
  const TemporaryFolder folder;
  write_old(folder / "old.h5ad");
  const auto reader = open_h5ad(folder / "old.h5ad");
  CHECK(reader->format() == "anndata 0.6 h5ad, csr_matrix in 'raw.X'");
  CHECK(dense_of(reader->read(0, 2)) == kCounts);
  CHECK(reader->genes().symbol == Names{"CD3D", "NKG7", ""});
  CHECK(reader->genes().id == Names{"", "", "ENSG00000156738"});
  REQUIRE(reader->other_gene_names().size() == 1);
  CHECK(reader->other_gene_names()[0].genes.symbol == Names{"a", "b", "c"});
  CHECK(reader->cell_names(1, 2) == Names{"AAAG-1"});
  CHECK(reader->column_names() == Names{"type", "score"});
  CHECK(reader->column("type").categories == Names{"T cell", "B cell"});
  CHECK(reader->column("type").code == std::vector<std::int32_t>{1, -1});
  CHECK(reader->column("score").categories == Names{"0.5", "2"});
  CHECK_THAT(error_of([&] { open_h5ad(folder / "old.h5ad", {"X"})->read(0, 2); }), Contains("negative") && Contains("'raw.X'"));
}

TEST_CASE("an h5ad of anndata 0.6 without categories has the codes", "[golden]") {
  const auto reader = open_h5ad(golden("h5ad/anndata_0_6.h5ad"));
  CHECK(reader->format() == "anndata 0.6 h5ad, dense array in 'X'");
  CHECK(reader->cells() == 6);
  CHECK(reader->cell_names(0, 1) == Names{"cell0"});
  CHECK(reader->column("n").categories == Names{"1"});
}

TEST_CASE("results are not added to an h5ad of anndata 0.6 but written as a new one", "[unit]") {
  const TemporaryFolder folder;
  write_old(folder / "old.h5ad");
  ResultColumns results;
  results.categories = {{"plkd_label", {"T cell"}, {0, 0}}};
  results.map = {1, 2, 3, 4};
  CHECK_THAT(error_of([&] { write_annotated_h5ad(folder / "old.h5ad", folder / "new.h5ad", results); }),
             Contains("anndata 0.6") && Contains("write the file again"));
  CHECK_FALSE(std::filesystem::exists(folder / "new.h5ad"));
  write_new_annotated_h5ad(*open_h5ad(folder / "old.h5ad"), folder / "new.h5ad", results);
  const auto reader = open_h5ad(folder / "new.h5ad");
  CHECK(dense_of(reader->read(0, 2)) == kCounts);
  CHECK(reader->column_names() == Names{"type", "score", "plkd_label"});
}

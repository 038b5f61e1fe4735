#include "shared/results/write_annotated_h5ad.h"

#include <filesystem>
#include <map>

#include <hdf5.h>

#include <catch2/catch.hpp>

#include "shared/counts/h5ad.h"
#include "shared/counts/hdf5_file.h"
#include "shared/error.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"

namespace plkd {

namespace {

ResultColumns results_for(std::int64_t cells, const std::string& label = "T β") {
  const auto n = static_cast<std::size_t>(cells);
  ResultColumns results;
  results.categories = {{"plkd_label", {label, "unknown"}, std::vector<std::int32_t>(n, 0)}};
  if (n > 1) results.categories[0].code[1] = -1;
  results.numbers = {{"plkd_probability", std::vector<float>(n, 0.25F)}};
  for (std::size_t at = 0; at < 2 * n; ++at) results.map.push_back(static_cast<float>(at));
  results.about = {{"model", "tiny"}, {"receipt", "{}"}};
  return results;
}

// The values of every dataset, as bytes of the type they have in the file; of texts, the texts.
std::map<std::string, std::string> content_of(const hdf5::Group& group, const std::string& prefix = "") {
  std::map<std::string, std::string> content;
  for (const std::string& name : group.names()) {
    if (group.has_group(name)) content.merge(content_of(group.group(name), prefix + name + "/"));
    if (!group.has_dataset(name)) continue;
    const hdf5::Dataset dataset = group.dataset(name);
    std::string bytes;
    if (dataset.element() == hdf5::Element::Text && dataset.extent().size() == 1) {
      for (const std::string& text : dataset.read_texts(0, dataset.length())) bytes += text + '\0';
    } else {
      const hdf5::Handle type(H5Dget_type(dataset.id()), H5Tclose);
      if (H5Tdetect_class(type.id(), H5T_VLEN) > 0 || H5Tis_variable_str(type.id()) > 0) continue;
      std::size_t points = H5Tget_size(type.id());
      for (const std::int64_t size : dataset.extent()) points *= static_cast<std::size_t>(size);
      bytes.resize(points);
      REQUIRE(H5Dread(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) >= 0);
    }
    content[prefix + name] = bytes;
  }
  return content;
}

bool is_ours(const std::string& name) {
  return name.rfind("obs/plkd_", 0) == 0 || name == "obsm/X_plkd" || name.rfind("uns/plkd/", 0) == 0;
}

}  // namespace

TEST_CASE("names and reviews given by hand are written beside the labels") {
  const test::TemporaryFolder folder;
  const std::string source = test::golden("h5ad/csr.h5ad"), out = folder / "curated.h5ad";
  const std::int64_t cells = open_h5ad(source)->cells();
  const auto n = static_cast<std::size_t>(cells);
  ResultColumns results = results_for(cells);
  Curation curation{{"unknown", "my T cell"}, std::vector<std::int32_t>(n, 1), {"", "renamed"}, std::vector<std::int32_t>(n, 1)};
  curation.label[0] = 0;
  curation.review[0] = 0;
  add_curation(curation, results);
  write_annotated_h5ad(source, out, results);
  const auto written = open_h5ad(out);
  const CellColumn label = written->column("plkd_curated_label"), review = written->column("plkd_review");
  CHECK(label.categories == curation.names);
  CHECK(label.code == curation.label);
  CHECK(review.categories == std::vector<std::string>{"renamed"});
  CHECK(review.code[0] == -1);
  CHECK(review.code[1] == 0);

  curation.label.pop_back();
  CHECK_THROWS_AS(add_curation(curation, results), Error);
}

TEST_CASE("labels are added to files of every encoding, and nothing else changes", "[golden]") {
  const test::TemporaryFolder folder;
  for (const char* name : {"anndata_0_7", "csc", "csr", "dense", "ensembl", "gzip", "layers", "lzf", "nullable", "raw", "unsorted"}) {
    INFO(name);
    const std::string source = test::golden(std::string("h5ad/") + name + ".h5ad"), out = folder / (std::string(name) + ".h5ad");
    const std::string before = test::read_file(source);
    const std::int64_t cells = open_h5ad(source)->cells();
    write_annotated_h5ad(source, out, results_for(cells));
    CHECK(test::read_file(source) == before);
    CHECK_FALSE(std::filesystem::exists(out + ".part"));

    const auto original = open_h5ad(source), written = open_h5ad(out);
    CHECK(written->read(0, cells).count == original->read(0, cells).count);
    const CellColumn label = written->column("plkd_label");
    CHECK(label.categories == std::vector<std::string>{"T β", "unknown"});
    CHECK(label.code == results_for(cells).categories[0].code);
    CHECK(written->column("plkd_probability").categories == std::vector<std::string>{"0.25"});
    std::vector<std::string> names = original->column_names();
    names.insert(names.end(), {"plkd_label", "plkd_probability"});
    CHECK(written->column_names() == names);
    const hdf5::Group root = hdf5::open_file(out);
    CHECK(root.group("obsm").dataset("X_plkd").read_rows(0, cells) == results_for(cells).map);

    std::map<std::string, std::string> content = content_of(root);
    std::erase_if(content, [](const auto& entry) { return is_ours(entry.first); });
    CHECK(content == content_of(hdf5::open_file(source)));
  }
}

TEST_CASE("the results of an earlier run are replaced", "[unit]") {
  const test::TemporaryFolder folder;
  const std::string source = test::golden("h5ad/anndata_0_7.h5ad"), once = folder / "once.h5ad", twice = folder / "twice.h5ad";
  const std::int64_t cells = open_h5ad(source)->cells();
  ResultColumns first = results_for(cells, "old");
  first.numbers.push_back({"plkd_outdated", std::vector<float>(static_cast<std::size_t>(cells), 1)});
  write_annotated_h5ad(source, once, first);
  write_annotated_h5ad(once, twice, results_for(cells, "new"));
  const auto written = open_h5ad(twice);
  CHECK(written->column("plkd_label").categories.front() == "new");
  CHECK(written->column_names().size() == open_h5ad(source)->column_names().size() + 2);
}

TEST_CASE("the input is never written to, and a file of other cells is refused", "[unit]") {
  const test::TemporaryFolder folder;
  const std::string source = folder / "cells.h5ad";
  std::filesystem::copy_file(test::golden("h5ad/csr.h5ad"), source);
  const std::string before = test::read_file(source);
  CHECK_THROWS_WITH(write_annotated_h5ad(source, source, results_for(open_h5ad(source)->cells())), Catch::Contains("never changed"));
  CHECK_THROWS_WITH(write_annotated_h5ad(source, folder / "out.h5ad", results_for(1)), Catch::Contains("where 1 were annotated"));
  CHECK_FALSE(std::filesystem::exists(folder / "out.h5ad"));
  CHECK(test::read_file(source) == before);
  CHECK_THROWS_WITH(write_annotated_h5ad(source, folder / "absent/out.h5ad", results_for(open_h5ad(source)->cells())),
                    Catch::Contains("cannot be written"));
}

TEST_CASE("cells of another format get an h5ad of their own", "[unit]") {
  const test::TemporaryFolder folder;
  std::mt19937_64 rng(1);
  const CountMatrix counts = test::random_counts(rng, 600, 20, 0.3);
  test::MemoryReader reader(counts, test::numbered_genes(20));
  write_new_annotated_h5ad(reader, folder / "new.h5ad", results_for(600));
  const auto written = open_h5ad(folder / "new.h5ad");
  CHECK(written->read(0, 600).count == counts.count);
  CHECK(written->column_names() == std::vector<std::string>{"plkd_label", "plkd_probability"});
}

}  // namespace plkd

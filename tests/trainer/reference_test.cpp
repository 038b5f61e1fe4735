#include "trainer/data/reference.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "shared/error.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

namespace {

std::string message_of(const plkd::ReferenceOptions& options) {
  try {
    plkd::load_reference(options, plkd::Verbosity::Quiet);
  } catch (const plkd::Error& error) {
    CHECK(error.kind() == plkd::ErrorKind::BadInput);
    CHECK_FALSE(error.hint().empty());
    return error.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a reference has its cells, labels and ontology ids", "[unit]") {
  const ScratchFile file("reference_test_a.h5ad");
  const plkd::CountMatrix counts = typed_counts(9, 60, 1);
  plkd::CellColumn ids{
      "cell_ontology_id", {"CL:0000000", "CL:0000001", "unknown"}, {0, 1, 2, 0, 1, 2, 0, 1, 2}};
  write_cells(file.path(), counts, numbered_genes(60), {type_column(9), ids});
  const plkd::Reference reference = plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet);
  CHECK(all_cells(reference).counts.count == counts.count);
  CHECK(reference.library == plkd::library_sizes(counts));
  CHECK(reference.label == std::vector<std::int32_t>{0, 1, 2, 0, 1, 2, 0, 1, 2});
  REQUIRE(reference.classes.size() == 3);
  CHECK(reference.classes[1].name == "type 1");
  CHECK(reference.classes[1].ontology_id == "CL:0000001");
  CHECK(reference.classes[2].ontology_id.empty());
  CHECK(reference.classes[2].reference_cells == 3);
  CHECK(reference.batch_names == std::vector<std::string>{"reference_test_a.h5ad"});
}

TEST_CASE("several files become one reference over the genes they share", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad");
  const plkd::CountMatrix counts = typed_counts(6, 60, 1);
  write_cells(a.path(), counts, numbered_genes(60), {type_column(6)});
  // The second file has the same cells with the genes in reverse and G59 missing, whose counts stay in its
  // library.
  std::vector<std::vector<float>> rows = dense_of(counts);
  std::vector<std::string> names = numbered_genes(59).symbol;
  std::reverse(names.begin(), names.end());
  names.push_back("OTHER");
  for (std::vector<float>& row : rows) std::reverse(row.begin(), row.end() - 1);
  write_cells(b.path(), matrix_of(rows), plkd::vocabulary_from_names(names), {type_column(6)});

  const plkd::Reference reference =
      plkd::load_reference(options_for({a.path(), b.path()}), plkd::Verbosity::Quiet);
  CHECK(reference.genes.size() == 59);
  REQUIRE(reference.size() == 12);
  const std::vector<std::vector<float>> dense = dense_of(all_cells(reference).counts);
  for (std::size_t cell = 0; cell < 6; ++cell) {
    CHECK(dense[cell] == dense[cell + 6]);
    CHECK(reference.library[cell] == reference.library[cell + 6]);
  }
  CHECK(reference.batch_names.size() == 2);
  CHECK(reference.batch == std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
  CHECK(reference.origin[7].file == 1);
  CHECK(reference.origin[7].cell == 1);
}

TEST_CASE("conditions, missing labels and empty cells leave cells out, the last two with a note", "[unit]") {
  const ScratchFile file("reference_test_a.h5ad");
  std::vector<std::vector<float>> rows = dense_of(typed_counts(12, 60, 1));
  rows[9].assign(60, 0);
  plkd::CellColumn type = type_column(12);
  type.code[4] = -1;
  plkd::CellColumn donor{"donor", {"d1", "d2"}, {}};
  for (int cell = 0; cell < 12; ++cell) donor.code.push_back(cell == 0 ? 1 : 0);
  write_cells(file.path(), matrix_of(rows), numbered_genes(60), {type, donor});
  plkd::ReferenceOptions options = options_for({file.path()});
  options.where = {"donor=d1"};
  options.drop = {"cell_type=type 2"};
  options.batch = "donor";
  const plkd::Reference reference = plkd::load_reference(options, plkd::Verbosity::Quiet);
  std::vector<std::int64_t> cells;
  for (const plkd::Origin& origin : reference.origin) cells.push_back(origin.cell);
  CHECK(cells == std::vector<std::int64_t>{1, 3, 6, 7, 10});
  CHECK(reference.batch_names == std::vector<std::string>{"d1"});
  REQUIRE(reference.notes.size() == 3);
  CHECK(reference.notes[0] ==
        "reference_test_a.h5ad: 1 cells have no label in 'cell_type' and were left out");
  CHECK(reference.notes[1] == "reference_test_a.h5ad: 1 cells have no counts and were left out");
  CHECK(reference.notes[2].rfind("'type 0' has 2 cells", 0) == 0);
}

TEST_CASE("a reference that cannot be trained on is refused", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad");
  write_cells(a.path(), typed_counts(9, 60, 1), numbered_genes(60), {type_column(9)});
  std::vector<std::string> names;
  for (int gene = 0; gene < 60; ++gene) names.push_back("MOUSE" + std::to_string(gene));
  write_cells(b.path(), typed_counts(9, 60, 1), plkd::vocabulary_from_names(names), {type_column(9)});

  plkd::ReferenceOptions one_class = options_for({a.path()});
  one_class.where = {"cell_type=type 1"};
  CHECK(message_of(one_class) == "reference_test_a.h5ad: column 'cell_type' gives 1 labels on 3 cells");
  CHECK(message_of(options_for({a.path(), b.path()})) ==
        "reference_test_a.h5ad: only 0 genes are left to train on (of 60 in this file)");
}

TEST_CASE("of several files one may lack a column or value that is asked for", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad");
  const plkd::CountMatrix counts = typed_counts(12, 60, 1);
  plkd::CellColumn donor{"donor", {"d1", "d2"}, {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}};
  plkd::CellColumn other_type{"cell_type", {"type 0", "type 1", "doublet"}, type_column(12).code};
  write_cells(a.path(), counts, numbered_genes(60), {type_column(12), donor});
  write_cells(b.path(), counts, numbered_genes(60), {other_type});
  plkd::ReferenceOptions options = options_for({a.path(), b.path()});
  options.batch = "donor";
  options.where = {"donor=d1"};
  options.drop = {"cell_type=doublet"};
  const plkd::Reference reference = plkd::load_reference(options, plkd::Verbosity::Quiet);
  CHECK(reference.size() == 6 + 8);
  CHECK(reference.batch_names ==
        std::vector<std::string>{"reference_test_a.h5ad:d1", "reference_test_b.h5ad"});
  REQUIRE(reference.notes.size() >= 3);
  CHECK(reference.notes[0] == "reference_test_a.h5ad: no cell of it meets --drop cell_type=doublet");
  CHECK(reference.notes[1] ==
        "reference_test_b.h5ad: has no such column, so it is not subject to --where donor=d1");
  CHECK(reference.notes[2] == "reference_test_b.h5ad: has no column 'donor', its cells are one batch");

  options.drop = {"cell_type=no such type"};
  CHECK(message_of(options) == "--drop cell_type=no such type: none of the 2 files has this");
  options.drop.clear();
  options.batch = "lane";
  CHECK(message_of(options) == "--batch lane: none of the 2 files has this");
  options = options_for({a.path()});
  options.where = {"donor=d3"};
  CHECK(message_of(options) == "reference_test_a.h5ad: column 'donor' has no value 'd3'");
}

TEST_CASE("a label map makes one set of names of two files' labels", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad"), map("reference_test_map.csv");
  plkd::CellColumn other_type{"cell_type", {"0", "1", "doublet"}, type_column(9).code};
  write_cells(a.path(), typed_counts(9, 60, 1), numbered_genes(60), {type_column(9)});
  write_cells(b.path(), typed_counts(9, 60, 2), numbered_genes(60), {other_type});
  std::FILE* out = std::fopen(map.path().c_str(), "w");
  REQUIRE(out != nullptr);
  std::fputs("reference_test_b.h5ad,0,type 0\nreference_test_b.h5ad,1,type 1\ndoublet,\ntype 9,type 2\n",
             out);
  std::fclose(out);
  plkd::ReferenceOptions options = options_for({a.path(), b.path()});
  options.label_map = map.path();
  const plkd::Reference reference = plkd::load_reference(options, plkd::Verbosity::Quiet);
  REQUIRE(reference.classes.size() == 3);
  CHECK(reference.classes[0].reference_cells == 6);
  CHECK(reference.classes[2].reference_cells == 3);
  REQUIRE(reference.notes.size() >= 2);
  CHECK(reference.notes[0] == "reference_test_b.h5ad: 3 cells were left out by reference_test_map.csv");
  CHECK(reference.notes[1] == "reference_test_map.csv:4: no cell has the label 'type 9'");
}

TEST_CASE("files that share few genes are noted, with the one to leave out", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad");
  write_cells(a.path(), typed_counts(9, 150, 1), numbered_genes(150), {type_column(9)});
  write_cells(b.path(), typed_counts(9, 60, 1), numbered_genes(60), {type_column(9)});
  const plkd::Reference reference =
      plkd::load_reference(options_for({a.path(), b.path()}), plkd::Verbosity::Quiet);
  REQUIRE(reference.notes.size() == 2);
  CHECK(reference.notes[0] ==
        "the files share only 60 of the 150 genes of reference_test_a.h5ad; without reference_test_b.h5ad, "
        "which "
        "has 60, they may share more");
}

TEST_CASE("the digest tells references apart, by counts and by labels", "[unit]") {
  const ScratchFile file("reference_test_a.h5ad");
  const auto digest_of = [&](const plkd::CountMatrix& counts, const plkd::CellColumn& types) {
    write_cells(file.path(), counts, numbered_genes(60), {types});
    return plkd::load_reference(options_for({file.path()}), plkd::Verbosity::Quiet).digest;
  };
  const plkd::CountMatrix counts = typed_counts(9, 60, 1);
  const std::string before = digest_of(counts, type_column(9));
  CHECK(before.size() == 16);
  CHECK(digest_of(counts, type_column(9)) == before);
  plkd::CountMatrix other_counts = counts;
  other_counts.count.back() += 1;
  CHECK(digest_of(other_counts, type_column(9)) != before);
  plkd::CellColumn other_types = type_column(9);
  other_types.code[3] = 2;
  CHECK(digest_of(counts, other_types) != before);
}

TEST_CASE("cells are read again in order, over the chosen genes, whatever slices they lie in", "[unit]") {
  const ScratchFile a("reference_test_a.h5ad"), b("reference_test_b.h5ad");
  constexpr std::int64_t kMany = 4100;  // two whole slices and a part
  const plkd::CountMatrix many = typed_counts(kMany, 60, 1), few = typed_counts(7, 60, 2);
  write_cells(a.path(), many, numbered_genes(60), {type_column(kMany)});
  write_cells(b.path(), few, numbered_genes(60), {type_column(7)});
  plkd::ReferenceOptions options = options_for({a.path(), b.path()});
  options.drop = {"cell_type=type 1"};
  const plkd::Reference reference = plkd::load_reference(options, plkd::Verbosity::Quiet);
  std::vector<std::int64_t> kept_of_many, kept_of_few;
  for (std::int64_t cell = 0; cell < kMany; ++cell)
    if (cell % 3 != 1) kept_of_many.push_back(cell);
  for (std::int64_t cell = 0; cell < 7; ++cell)
    if (cell % 3 != 1) kept_of_few.push_back(cell);
  plkd::CountMatrix expected = plkd::select_cells(many, kept_of_many);
  plkd::append_cells(expected, plkd::select_cells(few, kept_of_few));
  CHECK(dense_of(all_cells(reference).counts) == dense_of(expected));

  const std::vector<std::int32_t> genes = {3, 4, 59};
  std::vector<std::vector<float>> of_genes;
  std::int64_t cells = 0;
  plkd::read_cells(reference, genes, "", plkd::Verbosity::Quiet, [&](std::int64_t first, const plkd::Cells& slice) {
    CHECK(first == cells);
    CHECK(slice.counts.genes == 3);
    cells += slice.size();
    for (const std::vector<float>& row : dense_of(slice.counts)) of_genes.push_back(row);
  });
  REQUIRE(cells == reference.size());
  const std::vector<std::vector<float>> all = dense_of(expected);
  for (std::size_t cell = 0; cell < all.size(); ++cell)
    REQUIRE(of_genes[cell] == std::vector<float>{all[cell][3], all[cell][4], all[cell][59]});
}

#include "shared/results/receipt.h"

#include <random>

#include <catch2/catch.hpp>

#include "shared/digest.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"
#include "tests/support/random_model.h"

namespace plkd {

TEST_CASE("the digest of cells changes with a value, a gene and where a cell ends", "[unit]") {
  const auto digest = [](const std::vector<std::vector<float>>& rows, const GeneVocabulary& genes) {
    test::MemoryReader reader(test::matrix_of(rows), genes);
    return digest_of(reader);
  };
  const GeneVocabulary genes = test::numbered_genes(2);
  const std::string original = digest({{1, 2}, {0, 3}}, genes);
  CHECK(original.size() == 16);
  CHECK(digest({{1, 2}, {0, 3}}, genes) == original);
  CHECK(digest({{1, 2}, {0, 4}}, genes) != original);
  CHECK(digest({{1, 2}, {3, 0}}, genes) != original);
  CHECK(digest({{1, 0}, {2, 3}}, genes) != original);
  CHECK(digest({{1, 2}, {0, 3}}, vocabulary_from_names({"G0", "other"})) != original);
}

TEST_CASE("the digest of cells changes with a protein's name and with its counts", "[unit]") {
  const auto digest = [](const std::string& protein, float count) {
    test::MemoryReader reader(test::matrix_of({{1, 2}, {0, 3}}), test::numbered_genes(2));
    reader.others = {{Modality::Protein, "obsm:protein_counts", {"CD3", protein}}};
    reader.other_counts = {test::matrix_of({{5, 6}, {count, 8}})};
    return digest_of(reader);
  };
  const std::string original = digest("CD19", 7);
  CHECK(digest("CD19", 7) == original);
  CHECK(digest("CD20", 7) != original);
  CHECK(digest("CD19", 9) != original);
}

TEST_CASE("texts do not run into each other", "[unit]") {
  Digest one, other;
  one.add(std::string_view("ab"));
  one.add(std::string_view("c"));
  other.add(std::string_view("a"));
  other.add(std::string_view("bc"));
  CHECK(one.hex() != other.hex());
}

TEST_CASE("receipts differ by member, whatever the file is called", "[unit]") {
  const nlohmann::json receipt = {{"cells", {{"file", "a.h5ad"}, {"digest", "1"}}}, {"options", {{"only", {"T"}}}}, {"version", "1"}};
  nlohmann::json other = receipt;
  other["cells"]["file"] = "b.h5ad";
  CHECK(differences(receipt, other).empty());
  other["cells"]["digest"] = "2";
  other["options"]["only"] = {"T", "B"};
  CHECK(differences(receipt, other) == std::vector<std::string>{"cells.digest", "options.only.1"});
}

TEST_CASE("between engines the last digits do not count, labels do", "[unit]") {
  const nlohmann::json receipt = {{"engine", "native"}, {"labels", {{"digest", "1"}, {"digest_of_lines", "1"}}}};
  nlohmann::json other = receipt;
  other["labels"]["digest_of_lines"] = "2";
  CHECK(differences(receipt, other) == std::vector<std::string>{"labels.digest_of_lines"});
  other["engine"] = "wasm";
  CHECK(differences(receipt, other).empty());
  other["labels"]["digest"] = "2";
  CHECK(differences(receipt, other) == std::vector<std::string>{"labels.digest"});
}

TEST_CASE("the options of a receipt come back, and what is no receipt is said", "[unit]") {
  ReceiptOptions options;
  options.error_rate = 0.1;
  options.adapt = true;
  options.batch = "donor";
  options.only = {"B cell"};
  options.clusters = "leiden";
  options.force = true;
  const nlohmann::json receipt = {{"receipt", kReceiptFormat}, {"options", to_json(options)}};
  CHECK(to_json(options_of(receipt)) == to_json(options));
  CHECK_THROWS_WITH(options_of({{"receipt", 1}}), Catch::Contains("of format 1"));
  CHECK_THROWS_WITH(options_of(nlohmann::json::object()), Catch::Contains("no receipt"));
}

TEST_CASE("a type and a broader term of one name are counted apart", "[unit]") {
  Model model = test::random_model(1, 37, 2);
  model.classes[0] = {"T cell", "CL:3", 5};
  model.broader = {{"CL:3", "T cell", {0, 1}}};
  Annotations labels;
  labels.kind = {LabelKind::Type, LabelKind::Broader, LabelKind::Unknown, LabelKind::Type};
  labels.best = {0, 0, 1, 0};
  labels.term = {-1, 0, -1, -1};
  labels.second = {1, 1, 0, 1};
  labels.label_probability = labels.probability = labels.second_probability = labels.unknown_score = {0, 0, 0, 0};
  LabelLedger ledger(model, UnknownPolicy::Allow);
  ledger.add(labels, {"a", "b", "c", "d"});
  const std::vector<LabelCount> counts = ledger.counts();
  REQUIRE(counts.size() == 3);
  CHECK(counts[0].kind == LabelKind::Type);
  CHECK(counts[0].cells == 2);
  CHECK(counts[1].kind == LabelKind::Broader);
  CHECK(counts[1].label.name == "T cell");
  CHECK(counts[2].kind == LabelKind::Unknown);
}

}  // namespace plkd

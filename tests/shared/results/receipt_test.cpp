#include "shared/results/receipt.h"

#include <random>

#include <catch2/catch.hpp>

#include "shared/digest.h"
#include "tests/support/matrices.h"
#include "tests/support/memory_reader.h"

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

}  // namespace plkd

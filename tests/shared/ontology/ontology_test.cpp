#include "shared/ontology/ontology.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include "shared/error.h"
#include "shared/ontology/read_obo.h"

namespace plkd {

namespace {

// A file in the working directory that is gone when the test is.
class OboFile {
 public:
  explicit OboFile(const std::string& text) { std::ofstream(path(), std::ios::binary) << text; }
  ~OboFile() { std::remove(path().c_str()); }
  OboFile(const OboFile&) = delete;
  OboFile& operator=(const OboFile&) = delete;
  static std::string path() { return "ontology_test.obo"; }
};

std::string term(const std::string& id, const std::string& name, const std::string& more = "") {
  return "[Term]\nid: " + id + "\nname: " + name + "\n" + more + "\n";
}

// cell <- blood cell <- lymphocyte <- {T cell <- mature T cell <- {CD4, CD8}, B cell}; cell <- neuron
const std::string kSmall = "format-version: 1.2\nname: not a term\n\n" + term("X:1", "cell") +
                           term("X:2", "blood cell", "is_a: X:1 ! cell\n") +
                           term("X:3", "lymphocyte", "is_a: X:2 {source=\"a\"} ! blood cell\r\n") +
                           term("X:4", "T cell", "is_a: X:3\n") +
                           term("X:5", "mature T cell", "is_a: X:4\nis_a: X:99\n") +
                           term("X:6", "CD4", "is_a: X:5\n") + term("X:7", "CD8", "is_a: X:5\n") +
                           term("X:8", "B cell", "is_a: X:3\n") + term("X:9", "neuron", "is_a: X:1\n") +
                           term("X:10", "obsolete cell", "is_obsolete: true\n") +
                           "[Typedef]\nid: part_of\nname: part of\nis_a: X:1\n";

Ontology small() {
  const OboFile file(kSmall);
  return read_obo(OboFile::path());
}

const std::string kCellOntology = PLKD_TEST_DATA "/../../../shared/resources/cl-basic.obo";

}  // namespace

TEST_CASE("terms are read with their parents; obsolete ones and other stanzas are not", "[unit]") {
  const Ontology ontology = small();
  REQUIRE(ontology.terms.size() == 9);
  CHECK(ontology.find("X:10") == -1);
  CHECK(ontology.find("part_of") == -1);
  const OntologyTerm& lymphocyte = ontology.terms[static_cast<std::size_t>(ontology.find("X:3"))];
  CHECK(lymphocyte.name == "lymphocyte");
  CHECK(lymphocyte.parents == std::vector<std::int32_t>{ontology.find("X:2")});
  CHECK(ontology.terms[static_cast<std::size_t>(ontology.find("X:5"))].parents.size() ==
        1);  // X:99 is not defined
}

TEST_CASE("an ontology that is damaged is refused with the line", "[unit]") {
  const auto error_of = [](const std::string& text) -> std::string {
    const OboFile file(text);
    try {
      read_obo(OboFile::path());
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::BadInput);
      CHECK_FALSE(error.hint().empty());
      return error.message();
    }
    return "no error";
  };
  CHECK(error_of("[Term]\nname: nameless\n") == "ontology_test.obo:1: this [Term] has no id");
  CHECK(error_of("\n[Term]\nid: X:1\n") == "ontology_test.obo:2: term 'X:1' has no name");
  CHECK(error_of(term("X:1", "a") + term("X:1", "b")) ==
        "ontology_test.obo:5: term 'X:1' appears twice; first on line 1");
  CHECK(error_of("cell,label\n") == "ontology_test.obo: no terms in OBO format");
}

TEST_CASE("what lies above some types is all that is kept of an ontology", "[unit]") {
  const Ontology part = part_above(small(), {"X:6", "", "X:404", "X:8"});
  std::set<std::string> names;
  for (const OntologyTerm& kept : part.terms) names.insert(kept.name);
  CHECK(names == std::set<std::string>{"cell", "blood cell", "lymphocyte", "T cell", "mature T cell", "CD4",
                                       "B cell"});
  CHECK(part.ancestors(part.find("X:6")).size() == 6);
}

TEST_CASE("broader terms cover some types, not all, and go by their everyday name", "[unit]") {
  const std::vector<BroaderTerm> broader = broader_terms(small(), {"X:8", "X:6", "", "X:9", "X:7"});
  REQUIRE(broader.size() == 2);   // "cell" covers every type that has an id
  CHECK(broader[0].id == "X:4");  // not "mature T cell", which covers the same
  CHECK(broader[0].classes == std::vector<std::int32_t>{1, 4});
  CHECK(broader[1].name == "lymphocyte");
  CHECK(broader[1].covers(0));
  CHECK_FALSE(broader[1].covers(3));
}

TEST_CASE("the id of a type is no broader term", "[unit]") {
  CHECK(broader_terms(small(), {"X:4", "X:6", "X:9"}).at(0).name == "lymphocyte");
}

TEST_CASE("a circle in an ontology ends", "[unit]") {
  const Ontology circle{{{"X:1", "a", {1}}, {"X:2", "b", {0}}}};
  CHECK(circle.ancestors(0) == std::vector<std::int32_t>{0, 1});
}

TEST_CASE("the Cell Ontology calls CD4 or CD8 a T cell, and CD14 or CD16 a monocyte", "[golden]") {
  if (!std::ifstream(kCellOntology)) {
    WARN("skipped: ../shared/resources is absent");
    return;
  }
  const Ontology whole = read_obo(kCellOntology);
  CHECK(whole.terms.size() > 2200);
  // B, CD4 T, CD8 T, NK, CD14 monocyte, CD16 monocyte, megakaryocyte
  const std::vector<std::string> types = {"CL:0000236", "CL:0000624", "CL:0000625", "CL:0000623",
                                          "CL:0001054", "CL:0002396", "CL:0000556"};
  const Ontology part = part_above(whole, types);
  CHECK(part.terms.size() < 80);
  std::set<std::string> names;
  for (const BroaderTerm& broader : broader_terms(part, types))
    names.insert(broader.name + " (" + broader.id + ")");
  CHECK(names == std::set<std::string>{"T cell (CL:0000084)", "lymphocyte (CL:0000542)",
                                       "monocyte (CL:0000576)", "leukocyte (CL:0000738)",
                                       "myeloid cell (CL:0000763)"});
}

}  // namespace plkd

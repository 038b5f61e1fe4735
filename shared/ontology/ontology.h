#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plkd {

// A kind of cell in a hierarchy of kinds, the Cell Ontology: "CL:0000084", "T cell", is a "lymphocyte".
struct OntologyTerm {
  std::string id;
  std::string name;
  std::vector<std::int32_t> parents;  // what it is a kind of, indices into Ontology::terms; may be several
};

struct Ontology {
  std::vector<OntologyTerm> terms;

  // Index of the term, -1 when it is not there.
  std::int32_t find(const std::string& id) const;
  // Everything the term is a kind of, itself included, ascending. A circle in the file ends, it does not
  // hang.
  std::vector<std::int32_t> ancestors(std::int32_t term) const;
  bool is_kind_of(std::int32_t term, std::int32_t other) const;  // a term is of its own kind
};

// Only what lies above the given ids: enough to fall back from them, little enough to keep in a model file.
// Ids that are empty or not there are passed over.
Ontology part_above(const Ontology& ontology, const std::vector<std::string>& ids);

// A term that stands for several of a model's types, for a cell whose own type is unsure.
struct BroaderTerm {
  std::string id;
  std::string name;
  std::vector<std::int32_t> classes;  // it covers, ascending, at least two

  bool covers(std::int32_t type) const;
};

// The terms to fall back to from types with these ids, fewest types first. A term that covers all types says
// nothing, and one that is itself the id of a type could be taken for that type: "CD14-positive monocyte"
// covers CD16 monocytes in the Cell Ontology. Of terms that cover the same types the everyday one is kept:
// fewest words, then the most specific, then the smaller id ("T cell", not "mature alpha-beta T cell";
// "monocyte", not "myeloid leukocyte").
std::vector<BroaderTerm> broader_terms(const Ontology& ontology, const std::vector<std::string>& class_ids);

}  // namespace plkd

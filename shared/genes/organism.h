#pragma once

#include <string>

#include "shared/genes/vocabulary.h"

namespace plkd {

enum class Organism {
  Unknown,
  Human,
  Mouse,
  Other,  // its ids are of a third species
  Mixed,  // genes of human and mouse side by side, as in a barnyard experiment
};

struct OrganismGuess {
  Organism organism = Organism::Unknown;
  std::string evidence;  // "98 % of symbols are written like mouse genes (Cd3e)"
};

// Whose genes these are: by the ids' prefix (ENSG, ENSMUSG), else by the genome before the names (GRCh38_, mm10_), else by
// symbols that only one of the two has (HLA-DRA, H2-Aa), else by the case of the symbols (CD3E, Cd3e).
OrganismGuess guess_organism(const GeneVocabulary& genes);

// Genes without the genome before their names; those of another organism, by genome or id, lose their symbol, so that
// in a file of two organisms Cd3e is not taken for CD3E.
GeneVocabulary genes_of(const GeneVocabulary& genes, Organism organism);

// What a card or a person calls an organism: "human", "Homo sapiens", "mouse", "Mus musculus (C57BL/6)".
Organism organism_named(const std::string& text);

std::string name_of(Organism organism);  // "human", "mouse", "another organism", "human and mouse", "not known"

}  // namespace plkd
